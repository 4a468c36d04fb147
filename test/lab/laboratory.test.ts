import { afterAll, expect, test } from "vitest";
import { type Experiment, firmwares, newestFirmware } from "../../src/lab/experiment.ts";
import { heapAt } from "../../src/lab/heap-state.ts";
import { openLaboratory } from "../../src/lab/laboratory.ts";

const lab = openLaboratory({ deadlineMs: 1500 });
afterAll(() => lab.close());

const experiment = (
  steps: Experiment["steps"],
  more: Partial<Omit<Experiment, "steps">> = {},
): Experiment => ({ firmware: newestFirmware, heapBytes: 65_536, files: {}, ...more, steps });

test.each(firmwares)(
  "on %s an import leaves what it leaves, to the block, each time the same",
  async (firmware) => {
    const once = () =>
      lab.perform(
        experiment(
          [
            { kind: "collect" },
            { kind: "measure" },
            { kind: "run", code: "import greet\nprint(greet.TEXT)" },
            { kind: "collect" },
            { kind: "measure" },
          ],
          { firmware, files: { "/lib/greet.py": "TEXT = 'good morning'\nKEPT = bytearray(1000)\n" } },
        ),
      );
    const [one, other] = await Promise.all([once(), once()]);
    expect(one.kind).toBe("done");
    expect(one.results[2]?.output).toBe("good morning\n");
    const [before, after] = [heapAt(one, 1), heapAt(one, 4)];
    if (before === null || after === null) throw new Error("no dump");
    expect(before.totalBytes).toBeLessThan(65_536);
    expect(after.usedBytes - before.usedBytes).toBeGreaterThan(1000);
    expect(after.usedBytes - before.usedBytes).toBeLessThan(2200);
    expect(other).toEqual(one);
  },
);

test("what code prints and raises is the outcome, with the exception's name", async () => {
  const outcome = await lab.perform(
    experiment([
      { kind: "run", code: "print('here')" },
      { kind: "run", code: "print('before')\nraise ValueError('oh')" },
      { kind: "run", code: "print('never')" },
    ]),
  );
  expect(outcome).toMatchObject({
    kind: "raised",
    step: 1,
    exception: "ValueError",
    output: "before\n",
    results: [{ output: "here\n" }],
  });
});

test("a fixed heap ends with a MemoryError; one that grows does not", async () => {
  const steps = [{ kind: "run", code: "kept = bytearray(100_000)" }] as const;
  expect(await lab.perform(experiment(steps))).toMatchObject({ kind: "raised", exception: "MemoryError" });
  expect(await lab.perform(experiment(steps, { heapBytes: null }))).toMatchObject({ kind: "done" });
});

test("what does not come back is ended, and the next experiment runs", async () => {
  const stuck = await lab.perform(
    experiment([
      { kind: "run", code: "1" },
      { kind: "run", code: "while True: pass" },
    ]),
  );
  expect(stuck).toMatchObject({ kind: "deadline", step: 1 });
  expect(await lab.perform(experiment([{ kind: "run", code: "print(2)" }]))).toMatchObject({
    kind: "done",
    results: [{ output: "2\n" }],
  });
});

test("a task that runs on when its experiment is over meets no other one", async () => {
  const code =
    "import asyncio\nasync def f():\n while True:\n  await asyncio.sleep(0)\n  print('x')\nasyncio.create_task(f())";
  await lab.perform(experiment([{ kind: "run", code }]));
  const next = await lab.perform(
    experiment([
      { kind: "run", code: "1" },
      { kind: "run", code: "2" },
    ]),
  );
  expect(next.results.map(({ output }) => output)).toEqual(["", ""]);
});

test("more experiments than processes take turns", async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, (_, i) => lab.perform(experiment([{ kind: "run", code: `print(${i})` }]))),
  );
  expect(outcomes.map(({ results }) => results[0]?.output)).toEqual(
    Array.from({ length: 12 }, (_, i) => `${i}\n`),
  );
});

test("an aborted laboratory rejects what runs and what waits with the signal's reason", async () => {
  const abort = new AbortController();
  const other = openLaboratory({ signal: abort.signal });
  const runs = Array.from({ length: 6 }, () =>
    other.perform(experiment([{ kind: "run", code: "while True: pass" }])),
  );
  setTimeout(() => abort.abort(new Error("enough")), 200);
  const ended = await Promise.allSettled(runs);
  expect(ended.map((end) => (end.status === "rejected" ? String(end.reason) : "done"))).toEqual(
    Array(6).fill("Error: enough"),
  );
  await other.close();
});
