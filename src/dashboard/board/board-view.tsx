import { useDashboard } from "../model/session.tsx";
import { hrefOf, type Route } from "../shell/route.ts";

/** One board, in one of its views. */
export function BoardView({ route }: { readonly route: Extract<Route, { readonly boardId: string }> }) {
  const { boards } = useDashboard();
  const entry = boards.find(({ board }) => board.id === route.boardId || board.name === route.boardId);
  if (entry === undefined) {
    return (
      <p>
        The daemon watches no board “{route.boardId}”. <a href={hrefOf({ kind: "overview" })}>All boards</a>
      </p>
    );
  }
  return <h1>{entry.board.name}</h1>;
}
