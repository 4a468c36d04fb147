import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { consoleAudit } from "../../src/app/console-audit.ts";
import type { ConsoleBoard } from "../../src/app/console-relay.ts";
import { openConsoleSocket } from "../../src/app/console-socket.ts";
import { openTcpDoor } from "../../src/app/tcp-door.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import type { AuditEntry } from "../../src/store/store-types.ts";
import { temporaryFolder } from "../store/temp-folder.ts";
import { eventually, freePort, openByteClient } from "../support/byte-client.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { sampleSnapshot } from "../support/samples.ts";

const log = pino({ level: "silent" });
const startedAt = "2026-11-22T17:00:00.000Z";

/** A board whose console one may have at a time, and what the audit says. */
function bench() {
  const entries: AuditEntry[] = [];
  const audit = consoleAudit({ audit: (entry) => void entries.push(entry) }, new ManualClock(), log);
  let isTaken = false;
  const board: ConsoleBoard = {
    snapshot: () => sampleSnapshot(),
    openConsole: async () => {
      if (isTaken) throw heapscopeError("console-taken", { board: "bench" });
      isTaken = true;
      return { atPrompt: true, closed: new Promise(() => {}), write: async () => {}, close: () => {} };
    },
  };
  return { entries, audit, board };
}

test("who opens a console by TCP is in the audit, and who finds it taken", async () => {
  const { entries, audit, board } = bench();
  const port = await freePort();
  const shut = await openTcpDoor(
    { port, board: "bench" },
    { find: () => board, clock: systemClock, log, audit },
  );
  onTestFinished(shut);
  const entry = { at: startedAt, action: "console", board: "bench", token: null, address: "tcp 127.0.0.1" };
  await openByteClient(port);
  await eventually(() => entries).toEqual([{ ...entry, status: 200, code: null }]);
  const late = await openByteClient(port);
  await late.ended;
  expect(entries[1]).toEqual({ ...entry, status: 409, code: "console-taken" });
});

test("so is who comes by the Unix socket, with the board as it was named", async () => {
  const { entries, audit, board } = bench();
  const socket = await openConsoleSocket({
    api: "127.0.0.1-1",
    startedAt,
    env: { XDG_RUNTIME_DIR: join(temporaryFolder(), "run") },
    find: (name) => (name === "greenhouse" ? board : undefined),
    clock: systemClock,
    log,
    audit,
  });
  onTestFinished(() => socket?.stop());
  for (const name of ["greenhouse", "nobody"]) {
    const client = await openByteClient(socket?.path ?? "");
    client.write(`${JSON.stringify({ board: name, startedAt })}\n`);
    await client.waitFor("\n");
  }
  expect(entries).toMatchObject([
    { board: "greenhouse", address: "unix", status: 200, code: null },
    { board: "nobody", address: "unix", status: 404, code: "board-unknown" },
  ]);
});

test("a history that fails closes no console", () => {
  const failing = {
    audit: () => {
      throw heapscopeError("store-failed", { file: "x", reason: "the disk is full" });
    },
  };
  const audit = consoleAudit(failing, new ManualClock(), log);
  expect(() => audit({ board: "bench", address: "unix" }, null)).not.toThrow();
});
