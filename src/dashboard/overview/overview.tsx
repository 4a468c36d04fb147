import { useEffect, useState } from "preact/hooks";
import { ageText } from "../../shared/units-text.ts";
import { freshnessOf } from "../model/freshness.ts";
import { leakOf } from "../model/leak.ts";
import { useDashboard, useHostNowMs, useSession } from "../model/session.tsx";
import { byTrouble, troubleOf } from "../model/trouble.ts";
import { useTrends } from "../model/use-trends.ts";
import { isFollowed, verdictOf } from "../model/verdict.ts";
import { BoardRow, type OverviewRow } from "./board-row.tsx";
import { NoBoards } from "./no-boards.tsx";
import { summaryText } from "./summary.ts";

/** From so many boards on one wants to look for one by name. */
const manyBoards = 12;
/** More than a screen shows: they are painted before the others are made. */
const firstRows = 20;
const otherRowsMs = 100;

/** Every board as a row, the one in trouble first. */
export function Overview() {
  const { boards, connection, alertsKnown } = useDashboard();
  const { lostAtMs } = useSession();
  const nowMs = useHostNowMs();
  const [wanted, setWanted] = useState("");
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPainted(true), otherRowsMs);
    return () => clearTimeout(timer);
  }, []);
  const trends = useTrends();
  const rows = boards.map((entry): OverviewRow => {
    const freshness = freshnessOf(entry.board, connection, nowMs);
    const trend = trends.get(entry.board.id);
    const trouble = troubleOf(entry.board, entry.alerts, freshness, leakOf(trend, nowMs));
    const verdict = verdictOf(trouble, entry.board.state.kind, connection, alertsKnown);
    return { entry, name: entry.board.name, freshness, trouble, verdict };
  });
  rows.sort(byTrouble);
  const shown = rows.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  if (rows.length === 0) return <NoBoards />;
  const isPast = !isFollowed(connection);
  return (
    <>
      <div class="overview-head">
        <h1>
          {isPast && `Last known, ${ageText(nowMs - (lostAtMs() ?? nowMs))} ago: `}
          {summaryText(
            rows.map(({ trouble }) => trouble),
            { alertsKnown, isPast },
          )}
        </h1>
        {rows.length >= manyBoards && (
          <input
            type="search"
            aria-label="Show boards whose name contains"
            placeholder="Name contains …"
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
        )}
      </div>
      <HeapLegend />
      <table class="boards">
        <thead>
          <tr>
            <th scope="col">Board</th>
            <th scope="col">State</th>
            <th scope="col">Heap</th>
            <th scope="col" class="number">
              Fragmentation
            </th>
            <th scope="col">Largest free, 24 h</th>
            <th scope="col" class="number">
              Leak
            </th>
            <th scope="col" class="number">
              Last reading
            </th>
          </tr>
        </thead>
        <tbody>
          {(isPainted ? shown : shown.slice(0, firstRows)).map((row) => (
            <BoardRow key={row.entry.board.id} row={row} trend={trends.get(row.entry.board.id)} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p class="quiet">No board's name contains “{wanted}”.</p>}
    </>
  );
}

function HeapLegend() {
  return (
    <p class="heap-legend" aria-hidden="true">
      <span class="swatch heap-bar-used" /> used <span class="swatch heap-bar-pieces" /> free in pieces{" "}
      <span class="swatch heap-bar-largest" /> largest free block
    </p>
  );
}
