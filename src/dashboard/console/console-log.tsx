import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { countText } from "../../shared/units-text.ts";
import { timeText, utcText } from "../parts/time.tsx";
import type { ConsoleRow } from "./console-rows.ts";

/** So near to the end, CSS pixels, one reads at the end. */
const nearEndPixels = 24;
/** A screen reader is told of new lines so often at most. */
const announceMs = 10_000;

/** The rows in a box that stays at its end until one scrolls up. */
export function ConsoleLog({
  rows,
  isOld,
}: {
  readonly rows: readonly ConsoleRow[];
  readonly isOld: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(true);
  const last = rows.at(-1);

  useLayoutEffect(() => {
    if (isAtEnd && last !== undefined && box.current !== null)
      box.current.scrollTop = box.current.scrollHeight;
  }, [isAtEnd, last]);

  return (
    <div class={`console-box${isOld ? " is-old" : ""}`}>
      {/* Not live: read line by line, a board that prints a lot would not let one hear anything else. */}
      <div
        ref={box}
        class="console-log"
        role="log"
        aria-live="off"
        aria-labelledby="console-title"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setIsAtEnd(scrollHeight - scrollTop - clientHeight < nearEndPixels)
        }
      >
        <Rows rows={rows} />
      </div>
      <Announcer rows={rows} />
      {!isAtEnd && (
        <button type="button" class="jump primary" onClick={() => setIsAtEnd(true)}>
          Jump to newest ↓
        </button>
      )}
    </div>
  );
}

const Rows = memo(({ rows }: { readonly rows: readonly ConsoleRow[] }) => {
  const newestMs = rows.at(-1)?.atMs ?? 0;
  return (
    <>
      {rows.map((row) => (
        <div key={row.key} class={`console-row console-${row.kind}`}>
          <time dateTime={new Date(row.atMs).toISOString()} title={utcText(row.atMs)}>
            {timeText(row.atMs, newestMs)}
          </time>
          <span>{textOf(row)}</span>
        </div>
      ))}
    </>
  );
});

function textOf(row: ConsoleRow): string {
  switch (row.kind) {
    case "line":
      return row.text;
    case "lost":
      return `${countText(row.count, "line")} before this made room for newer ones in the daemon.`;
    case "restart":
      return "The daemon was started anew; what the board printed in between is not known.";
    case "mark":
      return `· ${row.mark.text}`;
  }
}

function Announcer({ rows }: { readonly rows: readonly ConsoleRow[] }) {
  const [text, setText] = useState("");
  const newest = useRef(rows);
  newest.current = rows;
  useEffect(() => {
    const lastKey = (): number =>
      newest.current.reduce(
        (most, { kind, key }) => (kind === "line" ? Math.max(most, Number(key)) : most),
        0,
      );
    let told = lastKey();
    const timer = setInterval(() => {
      const now = lastKey();
      if (now > told) setText(`${countText(now - told, "new line")}`);
      told = now;
    }, announceMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="visually-hidden" role="status">
      {text}
    </p>
  );
}
