import { ChartsPanel } from "../charts/charts-panel.tsx";
import { MapPanel } from "../map/map-panel.tsx";
import type { BoardEntry } from "../model/dashboard-model.ts";
import type { RangeName } from "../shell/route.ts";
import { AdvicePanel } from "./advice-panel.tsx";
import { AnalysisPanel } from "./analysis-panel.tsx";
import { CollectionsPanel } from "./collections-panel.tsx";
import { FactsPanel } from "./facts-panel.tsx";
import { MarksPanel } from "./marks-panel.tsx";

/** The board's memory: the map beside the charts, then what was made of them. */
export function BoardPage({
  entry,
  boardId,
  range,
}: {
  readonly entry: BoardEntry;
  readonly boardId: string;
  readonly range: RangeName;
}) {
  const isHelper = entry.board.state.kind === "helper";
  return (
    <>
      <div class="board-columns">
        <div class="board-column">
          <MapPanel entry={entry} />
        </div>
        <div class="board-column">
          <ChartsPanel entry={entry} boardId={boardId} range={range} />
        </div>
      </div>
      <div class="board-columns">
        <div class="board-column">
          <AnalysisPanel boardId={entry.board.id} live={entry.collections} isHelper={isHelper} />
          <AdvicePanel board={entry.board} />
          <MarksPanel boardId={entry.board.id} live={entry.readings} />
        </div>
        <div class="board-column">
          <CollectionsPanel boardId={entry.board.id} live={entry.collections} isHelper={isHelper} />
          <FactsPanel board={entry.board} />
        </div>
      </div>
    </>
  );
}
