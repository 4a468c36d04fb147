import { useMemo, useState } from "preact/hooks";
import { countText } from "../../shared/units-text.ts";
import type { BoardEntry } from "../model/dashboard-model.ts";
import { useDashboard } from "../model/session.tsx";
import { LoadFailure } from "../parts/load-failure.tsx";
import { ConsoleLog } from "./console-log.tsx";
import { consoleMarks, consoleRows } from "./console-rows.ts";
import { useConsole } from "./use-console.ts";

/** What the board printed, with heapscope's readings between the lines. Read only: nothing is sent to the board. */
export function ConsoleView({ entry }: { readonly entry: BoardEntry }) {
  const { board, readings, collections, missed } = entry;
  const { connection } = useDashboard();
  const [hasMarks, setHasMarks] = useState(true);
  const { state, isLoaded, error } = useConsole(board.id);
  const marks = useMemo(
    () => (hasMarks ? consoleMarks(readings, collections, missed) : []),
    [hasMarks, readings, collections, missed],
  );
  const rows = useMemo(() => consoleRows(state.items, marks), [state.items, marks]);
  const isOld = connection.kind !== "live" || board.state.kind === "disconnected";
  return (
    <section class="panel console" aria-labelledby="console-title">
      <div class="console-head">
        <h2 id="console-title">What the board printed</h2>
        <label>
          <input
            type="checkbox"
            checked={hasMarks}
            onChange={(event) => setHasMarks(event.currentTarget.checked)}
          />{" "}
          Readings and collections between the lines
        </label>
      </div>
      {error !== null && <LoadFailure error={error} />}
      {state.left > 0 && (
        <p class="quiet">{countText(state.left, "older line")} made room for newer ones on this page.</p>
      )}
      {rows.length > 0 && <ConsoleLog rows={rows} isOld={isOld} />}
      {rows.length === 0 && isLoaded && <Empty />}
      {rows.length === 0 && !isLoaded && error === null && <p class="quiet">Asking the daemon …</p>}
    </section>
  );
}

function Empty() {
  return (
    <div class="quiet">
      <p>The board has printed nothing beside its answers since the daemon watches it.</p>
      <p>
        What a program prints with <code>print()</code>, tracebacks and what a restart prints show up here,
        each line with its time. To type to the board, use <code>heapscope console</code>: readings pause
        while it is open.
      </p>
    </div>
  );
}
