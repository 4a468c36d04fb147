import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { auditTable } from "../../src/store/audit.ts";
import { migrate } from "../../src/store/migrate.ts";
import { migrations } from "../../src/store/migrations/all.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { AuditEntry } from "../../src/store/store-types.ts";

const entry: AuditEntry = {
  at: "2026-11-22T17:00:00.123Z",
  action: "release",
  board: "greenhouse",
  token: "phone",
  address: "192.168.1.9",
  status: 200,
  code: null,
};
const bare: AuditEntry = { ...entry, board: null, token: null, status: 401, code: "token-missing" };

test("entries come back as they were written, with ids apart from the events'", () => {
  const store = openStore({ file: ":memory:" });
  store.audit(entry);
  store.audit(bare);
  expect(store.auditTrail({ limit: 10 })).toEqual([
    { id: 1, ...entry },
    { id: 2, ...bare },
  ]);
  expect(store.latestCursor()).toBe(0);
  store.close();
  expect(() => store.audit(entry)).toThrow(expect.objectContaining({ code: "store-failed" }));
});

test("without after the newest come, oldest first; with it they come in order from there", () => {
  const store = openStore({ file: ":memory:" });
  for (let count = 0; count < 5; count++) store.audit(entry);
  const ids = (query: { after?: number; limit: number }) => store.auditTrail(query).map(({ id }) => id);
  expect(ids({ limit: 2 })).toEqual([4, 5]);
  expect(ids({ after: 0, limit: 2 })).toEqual([1, 2]);
  expect(ids({ after: 5, limit: 2 })).toEqual([]);
  store.close();
});

test("the oldest are forgotten beyond the limit, refusals push out no deeds, and no id is used twice", () => {
  const db = new Database(":memory:");
  migrate(db, migrations);
  const { audit, auditTrail } = auditTable(db, { entries: 3, pauseEntries: 2 });
  const ids = () => auditTrail({ limit: 100 }).map(({ id }) => id);
  for (let count = 0; count < 6; count++) audit(entry);
  expect(ids()).toEqual([4, 5, 6]);
  for (let count = 0; count < 20; count++) audit(bare);
  expect(ids()).toEqual([4, 5, 6, 24, 25, 26]);
  db.exec("DELETE FROM audit");
  audit(entry);
  expect(ids()).toEqual([27]);
  db.close();
});
