import { memo } from "preact/compat";
import type { BoardView } from "../../client/views.ts";
import { factsOf } from "./facts.ts";

/** What the board is, and what has been done with it since the daemon started. */
export const FactsPanel = memo(({ board }: { readonly board: BoardView }) => {
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">Facts</h2>
      <dl class="facts">
        {factsOf(board).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
});
