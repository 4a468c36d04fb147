import { describe, expect, onTestFinished, test } from "vitest";
import { loadedModules } from "../../src/board/loaded-modules.ts";
import { fileSizes, LOADED_MODULES } from "../../src/board/module-programs.ts";
import { startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { heapscopeError } from "../../src/shared/errors.ts";
import { connected } from "../hardware/connection.ts";

const port = "serial:/dev/ttyACM0";

/** Answers each program as written here; an unexpected one fails. */
function answering(answers: Readonly<Record<string, string>>) {
  return async (program: string): Promise<string> => {
    const answer = answers[program];
    if (answer === undefined) throw new Error(`unexpected: ${program}`);
    return answer;
  };
}

describe("the list of modules", () => {
  test("says of each where its code came from", async () => {
    const ask = answering({
      [LOADED_MODULES]:
        "5\r\nsensor sensor.py\r\nasyncio asyncio/__init__.py\r\nutil /lib/util.mpy\r\nmachine \r\nodd it's.py",
      [fileSizes(["sensor.py", "asyncio/__init__.py", "/lib/util.mpy"])]: "1234\r\n-\r\n900",
    });
    expect(await loadedModules(port, ask)).toEqual([
      { name: "asyncio", file: "asyncio/__init__.py", origin: "frozen", sizeBytes: null },
      { name: "machine", file: null, origin: "unknown", sizeBytes: null },
      { name: "odd", file: "it's.py", origin: "unknown", sizeBytes: null },
      { name: "sensor", file: "sensor.py", origin: "source", sizeBytes: 1_234 },
      { name: "util", file: "/lib/util.mpy", origin: "compiled", sizeBytes: 900 },
    ]);
  });

  test("is unknown where the firmware keeps none, and empty where nothing is loaded", async () => {
    expect(await loadedModules(port, answering({ [LOADED_MODULES]: "-" }))).toBeNull();
    expect(await loadedModules(port, answering({ [LOADED_MODULES]: "0" }))).toEqual([]);
  });

  test("without files' sizes leaves open which are frozen", async () => {
    const ask = answering({ [LOADED_MODULES]: "1\nsensor sensor.py", [fileSizes(["sensor.py"])]: "?" });
    expect(await loadedModules(port, ask)).toMatchObject([{ origin: "unknown", sizeBytes: null }]);
  });

  test("of which a line was lost is refused", async () => {
    const short = answering({ [LOADED_MODULES]: "3\r\nsensor sensor.py" });
    await expect(loadedModules(port, short)).rejects.toMatchObject({ code: "program-garbled" });
    const ask = answering({ [LOADED_MODULES]: "1\nsensor sensor.py", [fileSizes(["sensor.py"])]: "1\n2" });
    await expect(loadedModules(port, ask)).rejects.toMatchObject({ code: "program-garbled" });
  });

  test("asks for eight files at a time", async () => {
    const asked: string[] = [];
    const names = Array.from({ length: 19 }, (_, at) => `m${at} m${at}.py`);
    const ask = async (program: string): Promise<string> => {
      if (program === LOADED_MODULES) return [names.length, ...names].join("\n");
      asked.push(program);
      return (program.match(/try:/g) ?? []).map(() => "10").join("\n");
    };
    expect(await loadedModules(port, ask)).toHaveLength(19);
    expect(asked).toHaveLength(3);
  });

  test("asks for fewer where the heap is too small for the program, and gives up at one", async () => {
    const names = Array.from({ length: 5 }, (_, at) => `m${at} m${at}.py`);
    const upTo =
      (most: number) =>
      async (program: string): Promise<string> => {
        if (program === LOADED_MODULES) return [names.length, ...names].join("\n");
        const files = program.match(/try:/g) ?? [];
        if (files.length > most) throw heapscopeError("heap-exhausted", { port });
        return files.map(() => "10").join("\n");
      };
    expect(await loadedModules(port, upTo(2))).toHaveLength(5);
    await expect(loadedModules(port, upTo(0))).rejects.toMatchObject({ code: "heap-exhausted" });
  });
});

test("a real interpreter tells files, frozen modules and its own apart, and nothing new is bound", async () => {
  const board = await startEmulatedBoard({ app: null });
  onTestFinished(() => board.stop());
  await connected(board.url, async ({ probe, run }) => {
    await run("with open('sensor.py','w') as f: f.write('x = 1\\n')\ndel f");
    await run("import asyncio, sensor");
    const before = await run("print(sorted(globals()))");
    const modules = await probe.modules();
    expect(modules).toContainEqual({ name: "sensor", file: "sensor.py", origin: "source", sizeBytes: 6 });
    expect(modules).toContainEqual({
      name: "asyncio",
      file: "asyncio/__init__.py",
      origin: "frozen",
      sizeBytes: null,
    });
    expect(await run("print(sorted(globals()))")).toBe(before);
  });
});
