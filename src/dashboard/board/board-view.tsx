import { useMemo } from "preact/hooks";
import { CompareView } from "../compare/compare-view.tsx";
import { ConsoleView } from "../console/console-view.tsx";
import { type BoardEntry, entryOf } from "../model/dashboard-model.ts";
import { useDashboard } from "../model/session.tsx";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { isFollowed } from "../model/verdict.ts";
import { LoadFailure } from "../parts/load-failure.tsx";
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
  if (entry === undefined) return <UnwatchedBoard key={route.boardId} route={route} />;
  return <OneBoardView entry={entry} route={route} isOld={!isFollowed(connection)} />;
}

/** A board that only history knows, as it was when it was last seen; or that there is none. */
function UnwatchedBoard({ route }: { readonly route: OneBoard }) {
  const { boardId } = route;
  const [known, retry] = useLoad((rest, signal) => rest.board(boardId, signal), [boardId]);
  const board = loadedValue(known);
  const entry = useMemo(() => board && entryOf(board), [board]);
  if (entry !== undefined) return <OneBoardView entry={entry} route={route} isOld={true} />;
  if (known.kind !== "failed") return <p class="quiet">Asking the daemon for “{boardId}” …</p>;
  if (known.error.context["problem"] !== "board-unknown")
    return <LoadFailure error={known.error} onRetry={retry} />;
  return (
    <p>
      The daemon watches no board “{boardId}”, and its history knows none.{" "}
      <a href={hrefOf({ kind: "overview" })}>All boards</a>
    </p>
  );
}

function OneBoardView({
  entry,
  route,
  isOld,
}: {
  readonly entry: BoardEntry;
  readonly route: OneBoard;
  /** Nothing new is heard of it. */
  readonly isOld: boolean;
}) {
  // Nothing of one board may be left over in another's view.
  const key = entry.board.id;
  return (
    <div class={isOld ? "board is-lost" : "board"} key={key}>
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
