import { useState } from "preact/hooks";
import { useSession } from "../model/session.tsx";

/** Asks for the token that the daemon wants. As a password field, so that a password manager may keep it. */
export function TokenForm() {
  const { token, setToken } = useSession();
  const [text, setText] = useState("");
  return (
    <form
      class="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") setToken(text.trim());
      }}
    >
      <h1>{token === null ? "This daemon asks for a token" : "The token was not taken"}</h1>
      {token === null ? (
        <p>It shows its boards only to those who have one.</p>
      ) : (
        <p role="alert">
          The daemon does not know it: it may be mistyped, revoked or expired. Enter another one.
        </p>
      )}
      <p>
        Make one on the daemon's machine with <code>heapscope token create NAME</code>; with{" "}
        <code>--scope control</code> this page may also act on boards. It is kept until the tab is closed.
      </p>
      <input type="text" name="username" autocomplete="username" value="heapscope" hidden readOnly />
      <label>
        Token{" "}
        <input
          type="password"
          name="token"
          autocomplete="current-password"
          required
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Connect
      </button>
    </form>
  );
}
