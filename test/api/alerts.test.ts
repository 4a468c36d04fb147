import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { HealthSchema } from "../../src/api/schemas-http.ts";
import { AlertSchema, listOf } from "../../src/api/schemas-reading.ts";
import type { Alert } from "../../src/heap/reading.ts";
import { sampleAlert } from "../support/sample-alert.ts";
import { sampleReading } from "../support/samples.ts";
import { boardId, testApp } from "./test-app.ts";

/** Two boards: an alert that came and went, and two that fire. Ids 2 to 5; 1 makes the second board known. */
async function withAlerts(firingAlerts?: () => readonly Alert[]) {
  const made = await testApp({ deps: { firingAlerts } });
  const at = (minute: number) => `2026-11-22T17:0${minute}:00.000Z`;
  made.accept(
    { type: "reading", data: sampleReading({ boardId: "other" }) },
    { type: "alert", data: sampleAlert({ at: at(1), since: at(1) }) },
    { type: "alert", data: sampleAlert({ at: at(2), since: at(1), state: "resolved", value: 0.2 }) },
    { type: "alert", data: sampleAlert({ at: at(3), since: at(3), rule: "leak", severity: "info" }) },
    { type: "alert", data: sampleAlert({ at: at(4), since: at(4), boardId: "other", severity: "critical" }) },
  );
  const get = async (query: string) => {
    const answer = await made.app.inject(`/api/v1/alerts${query}`);
    return { status: answer.statusCode, body: answer.json() };
  };
  const ids = async (query: string) => (await get(query)).body.map(({ id }: Alert) => id);
  return { ...made, get, ids };
}

test("without a word: what fires now, oldest first, as the schema says", async () => {
  const { get } = await withAlerts();
  const { status, body } = await get("");
  expect(status).toBe(200);
  expect(Value.Check(listOf(AlertSchema), body)).toBe(true);
  expect(body).toMatchObject([
    { id: 4, rule: "leak", state: "firing", severity: "info" },
    { id: 5, boardId: "other", severity: "critical" },
  ]);
});

test("the choice by board, state, severity, time and id", async () => {
  const { ids } = await withAlerts();
  expect(await ids("?board=greenhouse")).toEqual([4]);
  expect(await ids("?board=other")).toEqual([5]);
  expect(await ids("?severity=critical")).toEqual([5]);
  expect(await ids("?limit=1")).toEqual([5]);
  expect(await ids("?after=3&limit=1")).toEqual([4]);
  expect(await ids("?from=2026-11-22T17:04:00Z")).toEqual([5]);
  expect(await ids("?to=2026-11-22T17:04:00Z")).toEqual([4]);
  expect(await ids("?state=all")).toEqual([2, 3, 4, 5]);
  expect(await ids("?state=resolved")).toEqual([3]);
  expect(await ids(`?state=all&board=${boardId}&severity=warning`)).toEqual([2, 3]);
  expect(await ids("?state=all&after=2&limit=2")).toEqual([3, 4]);
  expect(await ids("?state=all&limit=1")).toEqual([5]);
  expect(await ids("?state=all&from=2026-11-22T17:02:00Z&to=2026-11-22T17:04:00Z")).toEqual([3, 4]);
});

test("what fires now is what the daemon says, also where the history could not keep it", async () => {
  const { get } = await withAlerts(() => [sampleAlert({ id: -1 })]);
  expect((await get("")).body).toEqual([sampleAlert({ id: -1 })]);
});

describe("wrong questions get a clear sentence and a code", () => {
  test.each([
    ["?board=nobody", 404, "board-unknown", 'There is no board "nobody"'],
    [
      "?state=sometimes",
      400,
      "request-invalid",
      'query parameter "state" is "sometimes"; expected is one of firing, resolved, all',
    ],
    ["?severity=bad", 400, "request-invalid", "expected is one of info, warning, critical"],
    ["?limit=0", 400, "request-invalid", "one whole number from 1 to 10000"],
    ["?from=2026-11-22T17:04:00Z&to=2026-11-22T17:03:00Z", 400, "request-invalid", 'is later than "to"'],
    ["?from=yesterday", 400, "request-invalid", "one time with its zone"],
    [
      "?rule=x",
      400,
      "request-invalid",
      'unknown query parameter "rule"; known: board, state, severity, from, to, after, limit',
    ],
  ])("%s", async (query, status, code, detail) => {
    const { get } = await withAlerts();
    expect(await get(query)).toMatchObject({
      status,
      body: { code, detail: expect.stringContaining(detail) },
    });
  });
});

test("health shows how each webhook does", async () => {
  const webhook = {
    url: "https://example.org/hook",
    queued: 1,
    delivered: 2,
    failed: 3,
    deadLetters: 1,
    dropped: 0,
    lastError: { at: "2026-11-22T17:00:00.000Z", code: "webhook-failed", message: "It hangs." },
  };
  const { app } = await testApp({ deps: { webhooks: () => [webhook] } });
  const body = (await app.inject("/api/v1/health")).json();
  expect(body.webhooks).toEqual([webhook]);
  expect(Value.Check(HealthSchema, body)).toBe(true);
});
