import { pino } from "pino";
import { expect, test } from "vitest";
import { AuditWriter } from "../../src/app/audit-writer.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import type { AuditEntry } from "../../src/store/store-types.ts";
import { sampleTime } from "../support/samples.ts";

const entry = (action: string): AuditEntry => ({
  at: sampleTime,
  action,
  board: "b",
  token: null,
  address: "127.0.0.1",
  status: 200,
  code: null,
});

function auditing() {
  const disk = { isFull: false };
  const written: string[] = [];
  const lost: string[] = [];
  const log = pino({ level: "info" }, { write: (line) => lost.push(JSON.parse(line).entry.action) });
  const store = {
    audit: ({ action }: AuditEntry) => {
      if (disk.isFull) throw heapscopeError("store-failed", { file: "h", reason: "the disk is full" });
      written.push(action);
    },
  };
  return { disk, written, lost, writer: new AuditWriter(store, log) };
}

test("what the history cannot take waits, in order, and is written before what comes after it", () => {
  const { disk, written, writer } = auditing();
  writer.audit(entry("read"));
  disk.isFull = true;
  writer.audit(entry("collect"));
  writer.audit(entry("release"));
  expect([written, writer.waiting]).toEqual([["read"], 2]);
  disk.isFull = false;
  writer.audit(entry("attach"));
  expect([written, writer.waiting]).toEqual([["read", "collect", "release", "attach"], 0]);
});

test("a history that works again takes what waits without a new entry", () => {
  const { disk, written, writer } = auditing();
  disk.isFull = true;
  writer.audit(entry("read"));
  disk.isFull = false;
  writer.flush();
  expect(written).toEqual(["read"]);
});

test("beyond 1000 the oldest goes to the log, and with the stop all that is left", () => {
  const { disk, lost, writer } = auditing();
  disk.isFull = true;
  for (let number = 0; number < 1002; number++) writer.audit(entry(String(number)));
  expect([writer.waiting, lost]).toEqual([1000, ["0", "1"]]);
  writer.stop();
  expect([writer.waiting, lost.length, lost.at(-1)]).toEqual([0, 1002, "1001"]);
});
