import { memo } from "preact/compat";
import type { BoardView } from "../../client/views.ts";
import { loadedValue, useLoad } from "../model/use-load.ts";
import { factsOf, newerCounts } from "./facts.ts";

const countsEveryMs = 10_000;

/** What the board is, and what has been done with it since the daemon started. */
export const FactsPanel = memo(({ board }: { readonly board: BoardView }) => {
  // The feed tells a board's counts with a change of its state only.
  const [asked] = useLoad((rest, signal) => rest.board(board.id, signal), [board.id], countsEveryMs);
  const counts = newerCounts(board.counts, loadedValue(asked)?.counts);
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl class="facts">
        {factsOf({ ...board, counts }).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
});
