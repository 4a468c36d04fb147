import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type InstallDeps, type InstallOptions, installHelper } from "../../src/app/install-helper.ts";
import { type EmulatedBoardOptions, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { latin1Text as bytesText } from "../../src/shared/bytes.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";
import type { Port } from "../../src/transport/port.ts";
import { appFolder } from "../support/apps/app-folder.ts";
import { openSerialClient } from "../support/serial-client.ts";

const never = new AbortController().signal;
const source = readFileSync(new URL("../../firmware-helpers/heapscope.py", import.meta.url));

/** A board whose main.py is `main`, and ways to install on it and to ask it. */
async function board(main: string | null, options: EmulatedBoardOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-install-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (main !== null) writeFileSync(join(folder, "main.py"), main);
  const started = await startEmulatedBoard({ filesDir: folder, ...options });
  onTestFinished(() => started.stop());
  return {
    install: (change: Partial<InstallOptions> = {}, signal = never, deps?: InstallDeps) =>
      installHelper(
        {
          port: started.path,
          module: "heapscope",
          compiled: false,
          force: false,
          interrupt: false,
          ...change,
        },
        signal,
        deps,
      ),
    /** What `expression` is there, at the friendly prompt that installing leaves. */
    value: async (expression: string): Promise<string> => {
      const client = await openSerialClient(started.path);
      try {
        const said = await client.ask(`print('<',${expression},'>')\r`, "\r\n>>> ");
        return /\r\n< (.*) >\r\n/.exec(said)?.[1] ?? said;
      } finally {
        await client.close();
      }
    },
  };
}

const releases = [1.23, 1.24, 1.25, 1.26].map((release) => `micropython-${release}`);

test.each(releases)("a compiled helper is put on the board and can be imported: %s", async (interpreter) => {
  const { install, value } = await board(null, { interpreter });
  expect(await install({ compiled: true })).toMatchObject({ path: "/heapscope.mpy", outcome: "written" });
  expect(await value("hasattr(__import__('heapscope'),'start')")).toBe("True");
});

test("the source is put there whole, once, with no name bound and no other file touched", async () => {
  const { install, value } = await board("kept = 1\n");
  expect(await install()).toMatchObject({
    path: "/heapscope.py",
    outcome: "written",
    verifiedBy: "sha256",
    sizeBytes: source.length,
  });
  expect(await value("sorted(__import__('os').listdir('/'))")).toBe(
    "['dev', 'heapscope.py', 'main.py', 'proc']",
  );
  expect(await value("open('/main.py').read() == 'kept = 1\\n'")).toBe("True");
  expect(await value("sorted(n for n in dir() if n[0] != '_')")).toBe("['kept']");
  expect(await install()).toMatchObject({ outcome: "present" });
  expect(await value("hasattr(__import__('heapscope'),'start')")).toBe("True");
});

test("a file of other content stays, unless forced", async () => {
  const { install, value } = await board("open('/heapscope.py','w').write('mine = 1')\n");
  await expect(install()).rejects.toMatchObject({
    code: "board-file-differs",
    message: expect.stringContaining("--force"),
  });
  expect(await value("open('/heapscope.py').read()")).toBe("mine = 1");
  expect(await install({ force: true })).toMatchObject({ outcome: "replaced" });
});

test("a source that import would take before the bytecode is in its way", async () => {
  const { install, value } = await board("open('/heapscope.py','w').write('mine = 1')\n");
  await expect(install({ compiled: true })).rejects.toMatchObject({
    code: "board-file-differs",
    message: expect.stringContaining("before heapscope.mpy"),
  });
  expect(await install({ compiled: true, force: true })).toMatchObject({
    removed: "/heapscope.py",
    removedOther: true,
  });
  expect(await value("'heapscope.py' in __import__('os').listdir('/')")).toBe("False");
});

test("the helper's own source is removed as such, and the other helper beside it is told of", async () => {
  const { install } = await board(null);
  expect(await install()).toMatchObject({ removed: null, removedOther: false, beside: [] });
  expect(await install({ module: "heapscope_tiny" })).toMatchObject({ beside: ["/heapscope.py"] });
  expect(await install({ compiled: true, force: true })).toMatchObject({
    removed: "/heapscope.py",
    removedOther: false,
    beside: ["/heapscope_tiny.py"],
  });
});

test("a folder of the helper's name is left alone", async () => {
  const { install } = await board("import os\nos.mkdir('/heapscope')\n");
  await expect(install({ force: true })).rejects.toMatchObject({ code: "board-folder-in-the-way" });
});

test("without hashlib a checksum verifies", async () => {
  // Modules of these names that have no sha256.
  const main = "import sys\nfor n in ('hashlib','uhashlib'): sys.modules[n] = sys\n";
  const { install } = await board(main);
  expect(await install({ module: "heapscope_tiny" })).toMatchObject({
    path: "/heapscope_tiny.py",
    verifiedBy: "checksum",
  });
  expect(await install({ module: "heapscope_tiny" })).toMatchObject({ outcome: "present" });
});

test("a heap of which 6 KB are free is enough, though it is collected only between programs", async () => {
  const { install } = await board(null, { heapBytes: 8_448 });
  expect(await install()).toMatchObject({ outcome: "written", verifiedBy: "sha256" });
});

const faulty = (raised: string) => `real = open
pieces = []
class Full:
  def __init__(self, *how):
    self.file = real(*how)
    self.close = self.file.close
    self.read = self.file.read
  def write(self, piece):
    pieces.append(1)
    if len(pieces) > 2: raise ${raised}
    return self.file.write(piece)
def limited(*how):
  return Full(*how) if how[0] == '/heapscope.new' else real(*how)
open = limited
`;

test.each([
  ["OSError(28)", "board-files-full", "full"],
  ["MemoryError", "heap-exhausted", "heap"],
])("%s in the midst leaves nothing half-written", async (raised, code, word) => {
  const { install, value } = await board(faulty(raised));
  await expect(install()).rejects.toMatchObject({ code, message: expect.stringContaining(word) });
  expect(await value("'heapscope.new' in __import__('os').listdir('/')")).toBe("False");
});

test("an abort in the midst leaves nothing half-written", async () => {
  const { install, value } = await board(null);
  const stop = new AbortController();
  let writes = 0;
  const openCounted = async (url: string, signal: AbortSignal): Promise<Port> => {
    const port = await openPort(url, signal);
    const write = (bytes: Uint8Array): Promise<void> => {
      if (bytesText(bytes).includes("heapscope.new") && ++writes === 4) stop.abort(new Error("stopped"));
      return port.write(bytes);
    };
    return { ...port, write };
  };
  await expect(install({}, stop.signal, { clock: systemClock, openPort: openCounted })).rejects.toThrow(
    "stopped",
  );
  expect(await value("sorted(__import__('os').listdir('/'))")).toBe("['dev', 'proc']");
});

test("a running program is left alone, in read's words, unless told to stop it", async () => {
  const { install } = await board(null, { filesDir: appFolder("blocking-loop") });
  await expect(install()).rejects.toMatchObject({ code: "no-prompt" });
  expect(await install({ interrupt: true })).toMatchObject({ outcome: "written" });
});
