import type { FeedState } from "../../client/feed-state.ts";
import { useDashboard, useSession } from "../model/session.tsx";
import { hrefOf, type Route } from "./route.ts";

/** The name, where one is, and how the connection does. */
export function Header({ route }: { readonly route: Route }) {
  const { connection, boards } = useDashboard();
  const { token, setToken } = useSession();
  const boardId = "boardId" in route ? route.boardId : null;
  const name = boards.find(({ board }) => board.id === boardId || board.name === boardId)?.board.name;
  // A link carries no token: it would only lead to a refusal.
  const asksForToken = token !== null || (connection.kind === "refused" && connection.status === 401);
  useTitle(name ?? boardId);
  return (
    <header class="top">
      <a class="brand" href={hrefOf({ kind: "overview" })}>
        <img src="/favicon.svg" alt="" width="22" height="22" /> heapscope
      </a>
      {boardId !== null && <span class="crumb">{name ?? boardId}</span>}
      <span class={`connection connection-${connection.kind}`} role="status">
        {connectionText(connection)}
      </span>
      {token !== null && (
        <button type="button" class="plain" onClick={() => setToken(null)}>
          Forget token
        </button>
      )}
      {!asksForToken && (
        <a class="plain" href="/docs">
          API
        </a>
      )}
    </header>
  );
}

function useTitle(place: string | null): void {
  const title = place === null ? "heapscope" : `${place} · heapscope`;
  if (document.title !== title) document.title = title;
}

function connectionText(connection: FeedState): string {
  switch (connection.kind) {
    case "connecting":
      return "Connecting …";
    case "replaying":
      return connection.behind === 0 ? "Catching up …" : `Catching up: ${connection.behind} events behind`;
    case "live":
      return "Live";
    case "waiting":
      return "Not connected";
    case "refused":
      return "Refused";
    case "closed":
      return "Closed";
  }
}
