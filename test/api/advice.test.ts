import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { AdviceReportSchema, ModulesSeenSchema } from "../../src/api/schemas-advice.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import type { ModulesSeen } from "../../src/shared/module-facts.ts";
import type { TimeSpan } from "../../src/store/store-types.ts";
import { adviceOn } from "../advice/board/histories.ts";
import { boardId, testApp } from "./test-app.ts";

const url = `/api/v1/boards/${boardId}`;
const seen: ModulesSeen = {
  at: "2026-11-22T17:00:00.000Z",
  modules: [{ name: "sensor", file: "sensor.py", origin: "source", sizeBytes: 900 }],
};

describe("GET advice", () => {
  test("answers by the schema, of the last 7 days, for a board without history, too", async () => {
    const { app } = await testApp();
    const answer = await app.inject(`${url}/advice`);
    expect(answer.statusCode).toBe(200);
    expect([...Value.Errors(AdviceReportSchema, answer.json())]).toEqual([]);
    expect(answer.json()).toEqual({
      subject: {
        kind: "board",
        boardId,
        from: "2026-11-15T17:00:00.001Z",
        to: "2026-11-22T17:00:00.001Z",
        readings: 0,
        collections: 0,
        modules: null,
      },
      findings: [],
      notMeasured: [],
      problems: [],
    });
  });

  test("describes every finding, with its curve", async () => {
    const report = adviceOn({ bytesPerSecond: 10_000, hours: 2, modules: seen });
    expect(report.findings.map(({ code }) => code).toSorted()).toEqual([
      "churn",
      "collect-period",
      "read-too-rarely",
    ]);
    const { app } = await testApp({ deps: { advise: () => report } });
    const answer = (await app.inject(`${url}/advice`)).json();
    expect([...Value.Errors(AdviceReportSchema, answer)]).toEqual([]);
    expect(answer).toEqual(report);
  });

  test("asks for the span that was given, and refuses what is none", async () => {
    const asked: TimeSpan[] = [];
    const { app } = await testApp({
      deps: {
        advise: (_board, span) => {
          asked.push(span);
          return adviceOn({ hours: 0.1 });
        },
      },
    });
    await app.inject(`${url}/advice?from=2026-11-01T00:00:00Z&to=2026-11-03T00:00:00Z`);
    expect(asked).toEqual([{ fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 3) }]);
    for (const query of ["from=2026-01-01T00:00:00Z", "from=2026-12-24T00:00:00Z", "points=5"])
      expect((await app.inject(`${url}/advice?${query}`)).json()).toMatchObject({ code: "request-invalid" });
  });

  test("knows no unknown board", async () => {
    const { app } = await testApp();
    expect((await app.inject("/api/v1/boards/nobody/advice")).json()).toMatchObject({
      code: "board-unknown",
    });
  });
});

describe("POST modules", () => {
  test("answers by the schema, and advice has the modules from then on", async () => {
    const { app } = await testApp({ control: { listModules: async () => seen, modulesSeen: () => seen } });
    const answer = await app.inject({ method: "POST", url: `${url}/modules`, payload: {} });
    expect(answer.statusCode).toBe(200);
    expect([...Value.Errors(ModulesSeenSchema, answer.json())]).toEqual([]);
    expect(answer.json()).toEqual(seen);
    expect((await app.inject(`${url}/advice`)).json()).toMatchObject({
      subject: { modules: seen },
      notMeasured: [{ tip: 2, code: "loaded-from-source", place: { file: "sensor.py", line: 1 } }],
    });
  });

  test("is refused as a reading is: occupied, not ready, or left to its helper", async () => {
    const errors = [
      heapscopeError("board-occupied", { board: boardId }),
      heapscopeError("board-not-ready", { board: boardId, state: "It is busy." }),
      heapscopeError("helper-no-request", { board: boardId, what: "list of its modules" }),
    ];
    for (const error of errors) {
      const { app } = await testApp({ control: { listModules: () => Promise.reject(error) } });
      const answer = await app.inject({ method: "POST", url: `${url}/modules`, payload: {} });
      expect(answer.statusCode).toBe(error.status);
      expect(answer.json()).toMatchObject({ code: error.code });
    }
  });
});
