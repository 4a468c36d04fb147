import type { ReadingView } from "../../client/views.ts";
import { timeText, utcText } from "../parts/time.tsx";
import { type Mark, marksNear } from "./chart-marks.ts";
import { type ChartColumns, type ChartRow, lineNames, readingRow } from "./chart-rows.ts";
import { lineLooks, markText, rowText, spreadText } from "./chart-words.ts";
import type { Zoom } from "./use-chart-data.ts";

/** How near a mark must be to the cursor to be told, of the width. */
const nearShare = 1 / 80;

/** What the lines mean and their values at the cursor, else those of the `last` reading; and the cursor for keys. */
export function Readout({
  columns,
  marks,
  shown,
  index,
  last: lastReading,
  onIndex,
}: {
  readonly columns: ChartColumns;
  readonly marks: readonly Mark[];
  readonly shown: Zoom;
  readonly index: number | null;
  readonly last: ReadingView | null;
  readonly onIndex: (index: number | null) => void;
}) {
  const last = columns.x.length - 1;
  const at = index ?? last;
  // The end of the lines may be the mean of a bucket: without a cursor the figures are those that the head of the page has.
  const newest = index === null ? newestRow(lastReading, shown) : null;
  const row = newest ?? columns.rows[at] ?? null;
  const atMs = newest?.atMs ?? (columns.x[at] ?? 0) * 1000;
  const near = index === null ? [] : marksNear(marks, atMs, (shown.toMs - shown.fromMs) * nearShare);
  if (last < 0) return null;
  return (
    <div class="readout">
      <input
        type="range"
        class="cursor-slider"
        aria-label="Point in time"
        aria-valuetext={`${timeText(atMs, shown.toMs)}: ${rowText(row)}${near.map((mark) => `; ${markText(mark)}`).join("")}`}
        min={0}
        max={last}
        value={at}
        onInput={(event) => onIndex(Number(event.currentTarget.value))}
      />
      <p class="readout-time">
        {index === null && (newest === null ? "Newest shown: " : "Newest reading: ")}
        <strong>{timeText(atMs, shown.toMs)}</strong> <span class="quiet">{utcText(atMs)}</span>
        {row === null && " no readings here"}
      </p>
      <Values row={row} />
      {near.map((mark) => (
        <p key={mark.kind} class="readout-mark">
          <MarkSign kind={mark.kind} /> {markText(mark)}
        </p>
      ))}
      <p class="quiet mark-legend">
        <MarkSign kind="map" /> map <MarkSign kind="collection" /> collection <MarkSign kind="missed" />{" "}
        missed reading <span class="gap-swatch" /> no readings
        {marks.some(({ kind }) => kind === "place") && (
          <>
            {" "}
            <MarkSign kind="place" /> mark
          </>
        )}
        {marks.some(({ kind }) => kind === "block") && (
          <>
            {" "}
            <MarkSign kind="block" /> measured block
          </>
        )}
      </p>
    </div>
  );
}

/** The last reading as a point, where it is within what is shown. */
function newestRow(reading: ReadingView | null, { fromMs, toMs }: Zoom): ChartRow | null {
  const row = reading === null ? null : readingRow(reading);
  return row !== null && row.atMs >= fromMs && row.atMs <= toMs ? row : null;
}

function Values({ row }: { readonly row: ChartRow | null }) {
  return (
    <dl class="readout-values">
      {lineNames.map((name) => (
        <div key={name}>
          <dt>
            <LineSwatch color={lineLooks[name].color} isDashed={lineLooks[name].dash.length > 0} />{" "}
            {lineLooks[name].words}
          </dt>
          <dd>{spreadText(row?.[name] ?? null, lineLooks[name].text)}</dd>
        </div>
      ))}
    </dl>
  );
}

function LineSwatch({ color, isDashed }: { readonly color: string; readonly isDashed: boolean }) {
  return (
    <svg width="22" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="22"
        y1="4"
        y2="4"
        stroke-width="2.5"
        stroke-dasharray={isDashed ? "6 3" : undefined}
        style={{ stroke: `var(${color})` }}
      />
    </svg>
  );
}

const signs: Readonly<Record<Mark["kind"], string>> = {
  collection: "▲",
  map: "◇",
  missed: "✕",
  place: "┃",
  block: "▒",
};

function MarkSign({ kind }: { readonly kind: Mark["kind"] }) {
  return (
    <span class={`mark-sign mark-${kind}`} aria-hidden="true">
      {signs[kind]}
    </span>
  );
}
