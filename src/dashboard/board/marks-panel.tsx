import { memo } from "preact/compat";
import type { ReadingView } from "../../client/views.ts";
import { sizeText } from "../../shared/units-text.ts";
import type { MarkEvent } from "../marks/mark-events.ts";
import { costText, heapText, labelText, placeText } from "../marks/mark-words.ts";
import { useMarks } from "../marks/use-marks.ts";
import { useSession } from "../model/session.tsx";
import { LoadFailure } from "../parts/load-failure.tsx";
import { Scrolling } from "../parts/scrolling.tsx";
import { timeText, utcText } from "../parts/time.tsx";
import { costsByLabel, type LabelCost } from "./mark-costs.ts";

const shownMarks = 20;
const shownLabels = 10;

export interface MarksPanelProps {
  readonly boardId: string;
  /** As the feed told. */
  readonly live: readonly ReadingView[];
}

/** The places that the board's application marked lately, and what its measured blocks cost. Nothing where there are none. */
export const MarksPanel = memo(({ boardId, live }: MarksPanelProps) => {
  const { events, error, reload } = useMarks(boardId, live, null, null);
  if (events.length === 0) return null;
  const costs = costsByLabel(events);
  return (
    <section class="panel" aria-labelledby="marks-title">
      <h2 id="marks-title">Marks</h2>
      {error !== null && <LoadFailure error={error} onRetry={reload} />}
      {costs.length > 0 && <Costs costs={costs.slice(0, shownLabels)} blocks={events} />}
      <Newest events={events.slice(-shownMarks).reverse()} />
    </section>
  );
});

function Costs({
  costs,
  blocks,
}: {
  readonly costs: readonly LabelCost[];
  readonly blocks: readonly MarkEvent[];
}) {
  const { clock } = useSession();
  const since = blocks[0]?.atMs ?? 0;
  return (
    <table class="collections mark-costs">
      <caption>Measured blocks since {timeText(since, clock.nowMs())}, medians</caption>
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col" class="number">
            Times
          </th>
          <th scope="col" class="number">
            Kept
          </th>
          <th scope="col" class="number">
            Garbage
          </th>
        </tr>
      </thead>
      <tbody>
        {costs.map(({ label, count, keptBytes, garbageBytes }) => (
          <tr key={label}>
            <th scope="row" class="mark-label">
              {labelText(label)}
            </th>
            <td class="number">{count}</td>
            <td class="number">{bytesText(keptBytes)}</td>
            <td class="number">{bytesText(garbageBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Newest({ events }: { readonly events: readonly MarkEvent[] }) {
  const { clock } = useSession();
  const nowMs = clock.nowMs();
  return (
    <Scrolling label="The newest marks" class="mark-list">
      <table class="collections">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Mark</th>
            <th scope="col">Heap there, or what the block cost</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.key}>
              <td>
                <time dateTime={new Date(event.atMs).toISOString()} title={utcText(event.atMs)}>
                  {timeText(event.atMs, nowMs)}
                </time>
              </td>
              <th scope="row" class="mark-label">
                {placeText(event)}
              </th>
              <td class="mark-cost">
                {event.kind === "block"
                  ? costText(event.cost)
                  : heapText(event.usedBytes, event.largestFreeBytes)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

function bytesText(bytes: number | null): string {
  return bytes === null ? "–" : sizeText(Math.round(bytes));
}
