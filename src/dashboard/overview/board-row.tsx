import { memo } from "preact/compat";
import type { TrendView } from "../../client/views.ts";
import { ageText, sizeText } from "../../shared/units-text.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import type { Freshness } from "../model/freshness.ts";
import type { Trouble } from "../model/trouble.ts";
import type { Verdict } from "../model/verdict.ts";
import { Badge } from "../parts/badge.tsx";
import { fragmentationText, HeapBar } from "../parts/heap-bar.tsx";
import { Age, Time } from "../parts/time.tsx";
import { defaultRange, hrefOf } from "../shell/route.ts";
import { DaySparkline } from "./sparkline.tsx";

export interface OverviewRow {
  readonly entry: BoardEntry;
  readonly name: string;
  readonly freshness: Freshness;
  readonly trouble: Trouble;
  readonly verdict: Verdict;
}

interface RowProps {
  readonly row: OverviewRow;
  readonly trend: TrendView | undefined;
}

/** One board: who, what is wrong and since when, how full and how broken up it is, where it is going. */
export const BoardRow = memo(Row, isSameRow);

/** With many boards most rows stay as they are from one drawing to the next; ages tick by themselves. */
function isSameRow(one: RowProps, other: RowProps): boolean {
  const { entry, trouble, freshness, verdict } = one.row;
  return (
    entry === other.row.entry &&
    one.trend === other.trend &&
    freshness.kind === other.row.freshness.kind &&
    trouble.level === other.row.trouble.level &&
    trouble.since === other.row.trouble.since &&
    trouble.why === other.row.trouble.why &&
    verdict.level === other.row.verdict.level &&
    verdict.text === other.row.verdict.text
  );
}

function Row({ row, trend }: RowProps) {
  const { entry, trouble, freshness, verdict } = row;
  const { board, alerts } = entry;
  const reading = board.lastReading;
  const isOld = freshness.kind !== "fresh";
  return (
    <tr class={`trouble-${trouble.level}${isOld ? " is-old" : ""}`}>
      <th scope="row">
        <a href={hrefOf({ kind: "board", boardId: board.id, range: defaultRange })}>{board.name}</a>
        {board.emulated && <span class="tag">emulated</span>}
      </th>
      <td class="state">
        <Badge level={verdict.level} text={verdict.text} />
        {trouble.since !== null && (
          <span class="since">
            {verdict.level === "old" ? (
              <>
                since <Time at={trouble.since} />
              </>
            ) : (
              <>
                for <Age at={trouble.since} />
              </>
            )}
          </span>
        )}
        {alerts.length > 1 && <span class="tag">{alerts.length} alerts</span>}
        <span class="why" title={trouble.why}>
          {trouble.why}
        </span>
      </td>
      <td class="heap" data-label="Heap">
        {reading === null ? (
          <span class="quiet">no reading yet</span>
        ) : (
          <>
            <HeapBar reading={reading} />
            <span class="figures">
              {sizeText(reading.heap.usedBytes)} of {sizeText(reading.heap.totalBytes)}
            </span>
          </>
        )}
      </td>
      <td class="number" data-label="Fragmentation">
        {reading === null ? "–" : fragmentationText(reading)}
      </td>
      <td class="spark" data-label="Largest free, 24 h">
        <DaySparkline boardId={board.id} />
        {reading?.largestFreeBytes != null && (
          <span class="figures">{sizeText(reading.largestFreeBytes)}</span>
        )}
      </td>
      <td class="number" data-label="Leak">
        <Leak leak={trend} />
      </td>
      <td class={`number age age-${freshness.kind}`} data-label="Last reading">
        {reading?.at != null ? <Age at={reading.at} suffix=" ago" /> : "never"}
        {ageWord[freshness.kind]}
      </td>
    </tr>
  );
}

/** Colour alone would not say it. */
const ageWord: Readonly<Record<Freshness["kind"], string>> = {
  none: "",
  fresh: "",
  late: ", late",
  old: ", old",
};

/** A year: a heap that could grow for longer than that is in nobody's way. */
const mostSeconds = 365 * 86_400;

function Leak({ leak }: { readonly leak: TrendView | undefined }) {
  if (leak === undefined || leak.leakBytesPerHour === null)
    return <span title="Not enough collections yet to tell.">–</span>;
  if (leak.leakBytesPerHour <= 0) return <span title="No significant growth.">none</span>;
  const full = leak.timeToExhaustionSeconds;
  return (
    <>
      +{sizeText(leak.leakBytesPerHour)}/h
      {full !== null && full < mostSeconds && <span class="figures">full in {ageText(full * 1000)}</span>}
    </>
  );
}
