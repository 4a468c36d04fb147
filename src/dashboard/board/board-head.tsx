import { sizeText } from "../../shared/units-text.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { type Freshness, freshnessOf } from "../model/freshness.ts";
import { useDashboard, useHostNowMs } from "../model/session.tsx";
import { type Trouble, troubleOf } from "../model/trouble.ts";
import { Badge } from "../parts/badge.tsx";
import { fragmentationText, HeapBar } from "../parts/heap-bar.tsx";
import { Age, Time } from "../parts/time.tsx";
import { AlertList } from "./alert-list.tsx";
import { BoardActions } from "./board-actions.tsx";
import { heapNote } from "./heap-words.ts";

/** Whether the board is in trouble, since when, why and what to do; then how full it is, and how old that is. */
export function BoardHead({ entry }: { readonly entry: BoardEntry }) {
  const { connection, alertsKnown } = useDashboard();
  const { board, alerts } = entry;
  const freshness = freshnessOf(board, connection, useHostNowMs());
  const trouble = troubleOf(board, alerts, freshness);
  return (
    <header class={`panel board-head trouble-${trouble.level}`}>
      <div class="board-title">
        <h1>{board.name}</h1>
        {board.emulated && <span class="tag">emulated</span>}
      </div>
      <Verdict entry={entry} trouble={trouble} />
      {alerts.length > 0 && <AlertList alerts={alerts} reading={board.lastReading} />}
      {!alertsKnown && <p class="quiet">Whether alerts fire is not known just now.</p>}
      <Heap entry={entry} freshness={freshness} />
      <BoardActions entry={entry} />
    </header>
  );
}

function Verdict({ entry, trouble }: { readonly entry: BoardEntry; readonly trouble: Trouble }) {
  const { kind, since, message } = entry.board.state;
  const isOfState = trouble.what === kind;
  return (
    <>
      <p class="verdict">
        <Badge level={trouble.level} text={trouble.level === "none" ? `fine · ${kind}` : trouble.what} />{" "}
        {trouble.since !== null && (
          <strong>
            for <Age at={trouble.since} />,
          </strong>
        )}{" "}
        {trouble.since !== null && (
          <span class="quiet">
            since <Time at={trouble.since} />
          </span>
        )}
      </p>
      <p class="why">{trouble.why}</p>
      {(trouble.level === "none" || !isOfState) && (
        <p class="quiet">
          Board <strong>{kind}</strong> since <Time at={since} />
          {trouble.why === message ? "." : `: ${message}`}
        </p>
      )}
    </>
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
