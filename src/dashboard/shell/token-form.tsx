import { useSession } from "../model/session.tsx";
import { TokenEntry } from "../parts/token-entry.tsx";

/** Asks for the token that the daemon wants. */
export function TokenForm() {
  const { token } = useSession();
  return (
    <TokenEntry class="token-form" action="Connect">
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
    </TokenEntry>
  );
}
