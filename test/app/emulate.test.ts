import { expect, onTestFinished, test } from "vitest";
import { startBoards } from "../../src/app/emulate.ts";

test("boards of two runs never have the same unique id", async () => {
  const options = { count: 1, app: null, heapBytes: 65_536 };
  const runs = await Promise.all([1, 2].map(() => startBoards(options, AbortSignal.timeout(30_000))));
  onTestFinished(async () => void (await Promise.all(runs.map((run) => run.stop()))));
  const ids = runs.flatMap(({ boards }) => boards.map(({ uniqueId }) => uniqueId));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
});
