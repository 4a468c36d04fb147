import { countText, sizeText } from "../../shared/units-text.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { type Freshness, freshnessOf } from "../model/freshness.ts";
import { leakOf } from "../model/leak.ts";
import { useDashboard, useHostNowMs } from "../model/session.tsx";
import { type Trouble, troubleOf } from "../model/trouble.ts";
import { useTrends } from "../model/use-trends.ts";
import { stateWords, type Verdict, verdictOf } from "../model/verdict.ts";
import { Badge } from "../parts/badge.tsx";
import { fragmentationText, HeapBar } from "../parts/heap-bar.tsx";
import { Age, Time } from "../parts/time.tsx";
import { AlertList, AlertNote } from "./alert-list.tsx";
import { BoardActions } from "./board-actions.tsx";
import { heapNote } from "./heap-words.ts";
import { Sentence } from "./sentence.tsx";

/**
 * Whether the board is in trouble, since when, why and what to do; then, where it is `isWhole`, all other alerts, how full the heap
 * is and what one may ask of the board.
 */
export function BoardHead({ entry, isWhole }: { readonly entry: BoardEntry; readonly isWhole: boolean }) {
  const { connection, alertsKnown } = useDashboard();
  const { board, alerts } = entry;
  const nowMs = useHostNowMs();
  const freshness = freshnessOf(board, connection, nowMs);
  const trouble = troubleOf(board, alerts, freshness, leakOf(useTrends().get(board.id), nowMs));
  const worst = trouble.about === "alert" ? alerts.find(({ rule }) => rule === trouble.what) : undefined;
  const others = alerts.filter((alert) => alert !== worst);
  return (
    <header class={`panel board-head trouble-${trouble.level}`}>
      <div class="board-title">
        <h1>{board.name}</h1>
        {board.emulated && <span class="tag">emulated</span>}
      </div>
      <VerdictLines
        trouble={trouble}
        verdict={verdictOf(trouble, board.state.kind, connection, alertsKnown)}
      />
      {worst !== undefined && <AlertNote alert={worst} reading={board.lastReading} />}
      {(trouble.level === "none" || trouble.about !== "state") && (
        <State entry={entry} isSaid={trouble.why === board.state.message} />
      )}
      {others.length > 0 && isWhole && <AlertList alerts={others} board={board} />}
      {others.length > 0 && !isWhole && (
        <p class="quiet">{countText(others.length, "more alert")}; see Memory.</p>
      )}
      {!alertsKnown && <p class="quiet">Whether alerts fire is not known just now.</p>}
      {isWhole && <Heap entry={entry} freshness={freshness} />}
      {isWhole && <BoardActions entry={entry} />}
    </header>
  );
}

function VerdictLines({ trouble, verdict }: { readonly trouble: Trouble; readonly verdict: Verdict }) {
  const { since, why } = trouble;
  return (
    <>
      <p class="verdict">
        <Badge level={verdict.level} text={verdict.text} />{" "}
        {since !== null && (
          <>
            {verdict.level !== "old" && (
              <strong>
                for <Age at={since} />,{" "}
              </strong>
            )}
            <span class="quiet">
              since <Time at={since} />
            </span>
          </>
        )}
      </p>
      <p class="why">
        <Sentence text={why} />
      </p>
    </>
  );
}

/** What the board is doing, where that is not the trouble itself. */
function State({ entry, isSaid }: { readonly entry: BoardEntry; readonly isSaid: boolean }) {
  const { kind, since, message } = entry.board.state;
  return (
    <p class="quiet">
      Board <strong>{stateWords(kind)}</strong> since <Time at={since} />
      {isSaid ? (
        "."
      ) : (
        <>
          : <Sentence text={message} />
        </>
      )}
    </p>
  );
}

function Heap({ entry, freshness }: { readonly entry: BoardEntry; readonly freshness: Freshness }) {
  const reading = entry.board.lastReading;
  if (reading === null) return <p class="quiet">No reading yet: figures and charts begin with the first.</p>;
  const { usedBytes, freeBytes, totalBytes } = reading.heap;
  const largest = reading.largestFreeBytes;
  const note = heapNote(reading);
  return (
    <div class={`board-heap${freshness.kind === "fresh" ? "" : " is-old"}`}>
      <HeapBar reading={reading} />
      <dl class="head-figures">
        <div>
          <dt>
            <span class="swatch heap-bar-used" /> Used
          </dt>
          <dd>
            {sizeText(usedBytes)} <small>of {sizeText(totalBytes)}</small>
          </dd>
        </div>
        <div>
          <dt>
            <span class="swatch heap-bar-largest" /> Largest free block
          </dt>
          <dd>{largest === null ? "not told" : sizeText(largest)}</dd>
        </div>
        <div>
          <dt>
            <span class="swatch heap-bar-pieces" /> Free in {largest === null ? "all" : "smaller pieces"}
          </dt>
          <dd>
            {sizeText(freeBytes - (largest ?? 0))}
            {largest !== null && <small> of {sizeText(freeBytes)} free</small>}
          </dd>
        </div>
        <div>
          <dt>Fragmentation</dt>
          <dd>{fragmentationText(reading)}</dd>
        </div>
        <div>
          <dt>Last reading</dt>
          <dd class={`age-${freshness.kind}`}>
            {reading.at === null ? "–" : <Age at={reading.at} suffix=" ago" />}
            {freshness.kind === "late" && ", late"}
            {freshness.kind === "old" && ", old"}
          </dd>
        </div>
      </dl>
      {note !== "" && <p class="quiet">{note}</p>}
    </div>
  );
}
