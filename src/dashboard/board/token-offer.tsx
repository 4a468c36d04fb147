import { TokenEntry } from "../parts/token-entry.tsx";

/** Where the daemon wants a token that may act: a place to give one. */
export function TokenOffer() {
  return (
    <TokenEntry class="token-offer" action="Use this token">
      <p>
        To act on boards the daemon wants a token with the scope control.{" "}
        <code>heapscope token create NAME --scope control</code> on its machine makes one; it is kept until
        this tab is closed.
      </p>
    </TokenEntry>
  );
}
