import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { connected } from "../hardware/connection.ts";
import { dumpText } from "../support/block-maps.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");
/** Nothing else of our environment: it might hold HEAPSCOPE_… or FORCE_COLOR. */
const { PATH } = process.env;
const pico = resolve(import.meta.dirname, "../fixtures/dumps/071-rp2040-picow-v1.20.0-emul-rawrepl.txt");

/** Runs the built command as a user would. */
async function whatIf(args: readonly string[], input = "") {
  const child = spawn(process.execPath, [main, "what-if", ...args], { env: { PATH } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    err += String(chunk);
  });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code: code as number | null, out, err };
}

const values = (out: string): unknown[] =>
  out
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));

test("a dump: places, what is left, and 0 where all fits", async () => {
  const { code, out, err } = await whatIf([pico, "--allocate", "16,4096,512x10"]);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("  4096 B            fits at 00780\n  512 B × 10        all 10 fit\n");
  expect(out).toContain("FITS: all have room in the heap as in the dump.");
  expect(out).toContain("A dump does not say which objects are garbage");
});

test("the last whole dump with a map counts, and what has no room ends with 3", async () => {
  const [first, second] = [dumpText(["h..h".padEnd(64, "h")]), dumpText(["h....h".padEnd(64, "h")])];
  const cut = second.slice(0, second.lastIndexOf("00000:"));
  const { code, out } = await whatIf(
    ["-", "--allocate", "64,16", "--json"],
    `${first}${second}some log\n${cut}`,
  );
  expect(code).toBe(3);
  expect(values(out)).toMatchObject([
    {
      type: "heap",
      name: "standard input",
      source: { kind: "dump", which: 2, dumps: 3 },
      blockSizeBytes: 16,
    },
    {
      type: "allocation",
      index: 0,
      bytes: 64,
      blocks: 4,
      now: { fits: true, area: 0, block: 1, offset: 16 },
      collected: null,
    },
    { type: "allocation", index: 1, now: { fits: false, freeBytes: 0, largestFreeBytes: 0 } },
    { type: "verdict", verdict: "unknown", at: 1, now: { fits: false, moreTimes: null }, collected: null },
  ]);
});

test.each([
  [["greenhouse"], "required option '--allocate <sizes>' not specified"],
  [["--allocate", "16"], "missing required argument 'board|dump'"],
  [[pico, "--allocate", "0"], "allocates nothing"],
  [[pico, "--allocate", "=5"], 'not "=5"'],
  [
    ["greenhouse", "--allocate", "16", "--url", "127.0.0.1:1"],
    'There is no file "greenhouse", and no heapscope daemon answers',
  ],
  [["./nowhere.txt", "--allocate", "16"], "./nowhere.txt cannot be read: there is no such file."],
])("bad usage ends with 2 and says what is wrong: %j", async (args, text) => {
  const { code, out, err } = await whatIf(args);
  expect(err).toContain(`heapscope: ${text.startsWith("not") || text === "allocates nothing" ? "" : text}`);
  expect(err).toContain(text);
  expect([code, out]).toEqual([2, ""]);
});

test("a text without a map ends with 1", async () => {
  expect(await whatIf(["-", "--allocate", "16"], "nothing here\n")).toMatchObject({ code: 1, out: "" });
  const basic = readFileSync(pico, "utf8").replace(/GC memory layout[\s\S]*/, "");
  const { code, err } = await whatIf(["-", "--allocate", "16"], basic);
  expect(code).toBe(1);
  expect(err).toContain("There is no map of the heap of standard input");
});

test("a board at a port is read, collected and read again", async () => {
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  // 30 kB of garbage, which stay: this port would collect after each 16 kB of allocations.
  await connected(board.url, async ({ run }) => {
    await run("import gc\ngc.threshold(-1)");
    await run("keep = bytearray(8000)\nwaste = bytearray(30000)\nwaste = None");
  });
  const { code, out } = await whatIf([board.path, "--allocate", "16,30000", "--json"]);
  expect(values(out)).toMatchObject([
    { type: "heap", source: { kind: "port", port: board.url }, growableBytes: null, collectedUnknown: null },
    { now: { fits: true }, collected: { fits: true } },
    { now: { fits: false }, collected: { fits: true } },
    { verdict: "collects", at: 1, now: { fits: false }, collected: { fits: true, moreTimes: 0 } },
  ]);
  expect(code).toBe(0);
  const second = await whatIf([board.path, "--allocate", "60000"]);
  expect(second.code).toBe(3);
  expect(second.out).toContain("DOES NOT FIT: it would be a MemoryError");
});
