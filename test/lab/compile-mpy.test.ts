import { expect, test } from "vitest";
import { compileMpy, mpyVersion } from "../../src/lab/compile-mpy.ts";
import { python, releases } from "../firmware-helpers/python.ts";

test("what it compiles is imported by every release", async () => {
  const bytes = await compileMpy("answer.py", "def answer():\n    return 6 * 7\n");
  expect([bytes[0], bytes[1]]).toEqual(["M".charCodeAt(0), mpyVersion]);
  for (const release of releases) {
    const py = await python(release, { "answer.mpy": bytes });
    expect(py.run("import answer\nprint(answer.answer())")).toBe("42\n");
    expect(py.value("sys.implementation._mpy & 0xff")).toBe(String(mpyVersion));
  }
});

test("line numbers are left out where they are not wanted", async () => {
  const source = "def wrong():\n\n\n    return 1 / 0\n";
  expect((await compileMpy("wrong.py", source, { optimization: 3 })).length).toBeLessThan(
    (await compileMpy("wrong.py", source)).length,
  );
});

test("an error in the source is told with its line", async () => {
  await expect(compileMpy("bad.py", "x = 1\nif x:\nprint(2)\n")).rejects.toMatchObject({
    code: "python-not-compiled",
    message: expect.stringMatching(/^bad\.py cannot be compiled: line \d: \w*Error: .*\. Mend/),
  });
});

test("several at once do not mix, and leave no hook in the process", async () => {
  const hooks = () => [
    process.listenerCount("uncaughtException"),
    process.listenerCount("unhandledRejection"),
  ];
  const before = hooks();
  const sources = ["a = 1\n", "b = 22\n", "c = (\n", "d = 4444\n"];
  const results = await Promise.allSettled(sources.map((source) => compileMpy("m.py", source)));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect(hooks()).toEqual(before);
});
