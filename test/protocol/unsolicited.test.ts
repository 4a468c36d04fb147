import { expect, test } from "vitest";
import { RawRepl } from "../../src/protocol/raw-repl.ts";
import type { Effect } from "../../src/protocol/raw-repl-effects.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";

const deadlines = { silenceMs: 1_000, deadlineMs: 5_000 };

function printed(...steps: readonly (readonly Effect[])[]): string {
  return steps
    .flat()
    .map((effect) => (effect.kind === "unsolicited" ? latin1Text(effect.bytes) : ""))
    .join("");
}

test("the end of a line that could have begun a prompt is not lost when something is asked", () => {
  const repl = new RawRepl();
  const heard = printed(
    repl.receive(bytesOf("tick 1\r\n")),
    repl.enter(deadlines),
    repl.receive(bytesOf("tick 2\r\n=")),
    repl.abandon(),
    repl.receive(bytesOf("tick 3\r\n")),
    repl.enter(deadlines, "interrupt"),
    repl.receive(bytesOf("tick 4")),
  );
  expect(heard).toBe("tick 1\r\ntick 2\r\n=tick 3\r\ntick 4");
});

test("what shows that a board restarts is also something that it printed", () => {
  const repl = new RawRepl();
  const effects = repl.receive(bytesOf("bye\r\nMPY: soft reboot\r\nhello"));
  expect(printed(effects)).toBe("bye\r\nMPY: soft reboot\r\nhello");
  expect(effects.map(({ kind }) => kind)).toContain("restarted");
});
