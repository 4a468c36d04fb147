import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useSession } from "../model/session.tsx";

/**
 * A form that takes a token, with `children` above its field; the page then begins anew with it. A password field beside a user's
 * name, so that a password manager may keep it.
 */
export function TokenEntry(props: {
  readonly class: string;
  /** On its button. */
  readonly action: string;
  readonly children: ComponentChildren;
}) {
  const { setToken } = useSession();
  const [text, setText] = useState("");
  return (
    <form
      class={props.class}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") setToken(text.trim());
      }}
    >
      {props.children}
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
        {props.action}
      </button>
    </form>
  );
}
