import { CompareView } from "../compare/compare-view.tsx";
import { ConsoleView } from "../console/console-view.tsx";
import { useDashboard } from "../model/session.tsx";
import { hrefOf, type Route } from "../shell/route.ts";
import { goTo } from "../shell/use-route.ts";
import { BoardHead } from "./board-head.tsx";
import { BoardPage } from "./board-page.tsx";
import { BoardTabs } from "./board-tabs.tsx";

type OneBoard = Extract<Route, { readonly boardId: string }>;

/** One board, in one of its views. What is wrong with it stands above each. */
export function BoardView({ route }: { readonly route: OneBoard }) {
  const { boards, connection } = useDashboard();
  const entry = boards.find(({ board }) => board.id === route.boardId || board.name === route.boardId);
  if (entry === undefined) {
    return (
      <p>
        The daemon watches no board “{route.boardId}”. <a href={hrefOf({ kind: "overview" })}>All boards</a>
      </p>
    );
  }
  // Nothing of one board may be left over in another's view.
  const key = entry.board.id;
  const isFollowed = connection.kind === "live" || connection.kind === "replaying";
  return (
    <div class={isFollowed ? "board" : "board is-lost"} key={key}>
      <BoardHead entry={entry} isWhole={route.kind === "board"} />
      <BoardTabs boardId={route.boardId} shown={route.kind} />
      {route.kind === "board" && <BoardPage entry={entry} boardId={route.boardId} range={route.range} />}
      {route.kind === "compare" && (
        <CompareView
          entry={entry}
          from={route.from}
          to={route.to}
          onChoose={(from, to) => goTo({ kind: "compare", boardId: route.boardId, from, to }, true)}
        />
      )}
      {route.kind === "console" && <ConsoleView entry={entry} />}
    </div>
  );
}
