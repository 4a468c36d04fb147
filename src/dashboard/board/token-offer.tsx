import { useState } from "preact/hooks";
import { useSession } from "../model/session.tsx";

/** Where the daemon wants a token that may act: a place to give one. The page then begins anew with it. */
export function TokenOffer() {
  const { setToken } = useSession();
  const [text, setText] = useState("");
  return (
    <form
      class="token-offer"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") setToken(text.trim());
      }}
    >
      <p>
        To act on boards the daemon wants a token with the scope control.{" "}
        <code>heapscope token create NAME --scope control</code> on its machine makes one; it is kept until
        this tab is closed.
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
      </label>{" "}
      <button type="submit" class="primary">
        Use this token
      </button>
    </form>
  );
}
