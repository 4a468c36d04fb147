import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  type EmulatedBoard,
  type EmulatedBoardOptions,
  startEmulatedBoard,
} from "../../src/emulator/emulated-board.ts";
import { openSerialClient, type SerialClient } from "../support/serial-client.ts";

const rawBanner = "raw REPL; CTRL-B to exit\r\n>";
const cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(options: EmulatedBoardOptions = { app: null }): Promise<EmulatedBoard> {
  const board = await startEmulatedBoard(options);
  cleanUps.push(() => board.stop());
  return board;
}

async function open(path: string): Promise<SerialClient> {
  const client = await openSerialClient(path);
  cleanUps.push(() => client.close());
  return client;
}

async function openRaw(path: string): Promise<SerialClient> {
  const client = await open(path);
  await client.ask("\r\x01", rawBanner);
  return client;
}

/** What `code` prints, and its traceback. */
async function run(client: SerialClient, code: string): Promise<readonly string[]> {
  await client.ask(`${code}\x04`, "OK");
  return (await client.waitFor("\x04>")).slice(0, -2).split("\x04");
}

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "heapscope-board-"));
  cleanUps.push(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, ".."), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

describe("the REPL", () => {
  test("answers like a board's: friendly, raw, traceback, back", async () => {
    const client = await open((await start()).path);
    expect(await client.ask("\r", ">>> ")).toMatch(/>>> $/);
    expect(await client.ask("1+1\r", "2\r\n>>> ")).toContain("1+1\r\n2\r\n");
    await client.ask("\x01", rawBanner);
    expect(await run(client, "print('hi')")).toEqual(["hi\r\n", ""]);
    const [output, traceback] = await run(client, "1/0");
    expect(output).toBe("");
    expect(traceback).toMatch(/^Traceback.*\r\nZeroDivisionError: divide by zero\r\n$/s);
    expect(await client.ask("\x02", ">>> ")).toMatch(/^\r\nMicroPython v1\.27\.0/);
  });

  test("takes raw-paste with credits and gives a verbose dump", async () => {
    const client = await openRaw((await start()).path);
    expect(await client.ask("\x05A\x01", "R\x01\x80\x00\x01")).toBe("R\x01\x80\x00\x01");
    await client.write(`#${"x".repeat(254)}\n`);
    expect(await client.waitForBytes(2)).toBe("\x01\x01");
    await client.write("import micropython\nmicropython.mem_info(1)\x04");
    const answer = await client.waitFor("\x04>");
    expect(answer.startsWith("\x04stack: ")).toBe(true);
    expect(answer).toMatch(/GC: total: 64000, used: .*layout; from/s);
    expect(answer.endsWith("\r\n\x04\x04>")).toBe(true);
  });

  test("Ctrl-C ends a paste; the board may end it too, refuse it, or not know it", async () => {
    const board = await start();
    const client = await openRaw(board.path);
    await client.ask("\x05A\x01", "R\x01\x80\x00\x01");
    expect(await client.ask("x = 1\x03", "\x04>")).toBe("\x04\x04KeyboardInterrupt: \r\n\x04>");

    await board.setRawPaste({ kind: "abort", afterBytes: 5 });
    await client.ask("\x05A\x01", "R\x01\x80\x00\x01");
    expect(await client.ask("x = 1 and more", "\x04")).toBe("\x04");
    expect(await client.ask("\x04", "\x04>")).toMatch(/Traceback.*SyntaxError.*\r\n/s);

    await board.setRawPaste({ kind: "refuse" });
    expect(await client.ask("\x05A\x01", ">")).toBe("R\x00>");
    await board.setRawPaste({ kind: "old-firmware" });
    expect(await client.ask("\x05A\x01", ">")).toBe(rawBanner);
    expect(await run(client, "print(7)")).toEqual(["7\r\n", ""]);
  });

  test("Ctrl-C interrupts sleeping, printing and the flood nobody reads", async () => {
    const client = await openRaw((await start()).path);
    await client.ask("import time\ntime.sleep(1000)\x04", "OK");
    expect(await client.ask("\x03", "\x04>")).toContain("KeyboardInterrupt");
    await client.ask("while True: print('spam')\x04", "OKspam");
    expect(await client.ask("\x03", "\x04>")).toContain("KeyboardInterrupt");
  });

  test("prints 200 KB without loss", async () => {
    const client = await openRaw((await start()).path);
    const [output] = await run(client, `s = '${"x".repeat(98)}'\nfor i in range(2000): print(s)`);
    expect(output?.length).toBe(200_000);
  });

  test("serves one client after another", async () => {
    const board = await start();
    for (let turn = 0; turn < 5; turn++) {
      const client = await openRaw(board.path);
      expect(await run(client, `print(${turn})`)).toEqual([`${turn}\r\n`, ""]);
      await client.ask("\x02", ">>> ");
      await client.close();
    }
  });
});

describe("the heap", () => {
  test("ends with MemoryError, and the REPL goes on", async () => {
    const client = await openRaw((await start()).path);
    const [, traceback] = await run(
      client,
      "def fill():\n a = []\n while True: a.append(bytearray(1000))\nfill()",
    );
    expect(traceback).toContain("MemoryError: ");
    await run(client, "import gc\ngc.collect()");
    expect(await run(client, "import machine\nprint(machine.last_collection_us() > 0)")).toEqual([
      "True\r\n",
      "",
    ]);
    expect(await run(client, "print(len(bytearray(30000)))")).toEqual(["30000\r\n", ""]);
  });

  test("can be as small as 8 KiB", async () => {
    const client = await openRaw((await start({ app: null, heapBytes: 8192 })).path);
    const [, traceback] = await run(client, "a = bytearray(9000)");
    expect(traceback).toContain("MemoryError");
  });
});

describe("files and identity", () => {
  test("boot.py and main.py run, modules import, and the id is true bytes", async () => {
    const filesDir = folder({
      "boot.py": "booted = 1",
      "main.py": "import lib.helper as helper\nstarted = helper.value",
      "lib/helper.py": "value = 42",
    });
    const board = await start({ filesDir, name: "kitchen" });
    const client = await openRaw(board.path);
    expect(await run(client, "import os\nprint(booted, started, sorted(os.listdir('/')))")).toEqual([
      "1 42 ['boot.py', 'dev', 'lib', 'main.py', 'proc']\r\n",
      "",
    ]);
    const [id] = await run(client, "import machine\nprint(machine.unique_id().hex())");
    expect(id).toBe(`${board.uniqueId}\r\n`);
  });

  test("a soft reset begins anew; in raw mode it stays raw and leaves main.py out", async () => {
    const client = await openRaw((await start({ filesDir: folder({ "main.py": "ran = 1" }) })).path);
    await run(client, "mine = 1");
    expect(await client.ask("\x04", rawBanner)).toBe(`OK\r\nMPY: soft reboot\r\n${rawBanner}`);
    expect(await run(client, "print('mine' in globals(), 'ran' in globals())")).toEqual([
      "False False\r\n",
      "",
    ]);
    await client.ask("\x02", ">>> ");
    expect(await client.ask("\x04", ">>> ")).toMatch(/^\r\nMPY: soft reboot\r\nMicroPython/);
    expect(await client.ask("ran\r", "1\r\n>>> ")).toContain("1\r\n");
  });

  test("a soft reset keeps what the board wrote and removed; the button makes all new", async () => {
    const filesDir = folder({ "main.py": "ran = 1", "old.py": "", "host.py": "value = 1" });
    const board = await start({ filesDir });
    const client = await openRaw(board.path);
    const write = `import os
os.mkdir('empty')
os.mkdir('data')
os.remove('old.py')
for name, text in (('main.py', 'ran = 2'), ('data/log', 'kept')):
    with open(name, 'w') as file: file.write(text)`;
    expect(await run(client, write)).toEqual(["", ""]);
    const look = "import os\nprint(sorted(os.listdir('/')))";
    const changed = "['data', 'dev', 'empty', 'host.py', 'main.py', 'proc']\r\n";
    await client.ask("\x04", rawBanner);
    expect(await run(client, look)).toEqual([changed, ""]);
    await client.ask("\x02", ">>> ");
    // The host's own files are the host's: an edited one is taken, as long as the board has not changed it.
    for (const name of ["main.py", "host.py"]) writeFileSync(join(filesDir, name), "value = 3");
    await client.ask("\x04", ">>> ");
    await client.ask("\x01", rawBanner);
    expect(await run(client, "import host\nprint(ran, open('data/log').read(), host.value)")).toEqual([
      "2 kept 3\r\n",
      "",
    ]);
    await board.reset();
    await client.waitFor(">>> ");
    await client.ask("\x01", rawBanner);
    expect(await run(client, look)).toEqual(["['dev', 'host.py', 'main.py', 'old.py', 'proc']\r\n", ""]);
  });

  test("machine.reset() and the button restart main.py", async () => {
    const board = await start();
    const client = await openRaw(board.path);
    await client.ask("import machine\nmachine.reset()\x04", "OK");
    expect(await client.waitFor(">>> ")).toMatch(/^MicroPython/);
    await board.reset();
    expect(await client.waitFor(">>> ")).toMatch(/^MicroPython/);
  });

  test("the demo runs on while the REPL is used", async () => {
    const client = await openRaw((await start({})).path);
    await run(client, "station.log = []");
    await client.ask("import time\ntime.sleep_ms(1)\x04", "\x04>");
    await expect.poll(() => run(client, "print(len(station.log))"), { timeout: 5000 }).toEqual(["1\r\n", ""]);
  });
});

describe("power and cable", () => {
  test("unplugging hangs up, even under a program that never ends; replugging boots at the link", async () => {
    const linkPath = join(folder({}), "board");
    const board = await start({ app: null, linkPath });
    expect(readlinkSync(linkPath)).toBe(board.path);
    const client = await openRaw(board.path);
    await client.ask("import time\nwhile True: time.sleep(1)\x04", "OK");
    await board.unplug();
    await client.hungUp;
    expect(existsSync(linkPath)).toBe(false);
    const path = await board.replug();
    expect(readlinkSync(linkPath)).toBe(path);
    await openRaw(linkPath);
  });

  test("stop ends the process whatever runs, twice without harm", async () => {
    const board = await start();
    const client = await openRaw(board.path);
    await client.ask("while True: pass\x04", "OK");
    await Promise.all([board.stop(), board.stop()]);
    expect((await board.exited).signal).toBe("SIGTERM");
    expect(isAlive(board.pid)).toBe(false);
  });

  test("an aborted start leaves no process", async () => {
    const abort = new AbortController();
    const starting = startEmulatedBoard({ app: null }, abort.signal);
    abort.abort(new Error("enough"));
    await expect(starting).rejects.toThrow("enough");
  });

  test("a wrong heap size is refused in plain words", async () => {
    await expect(startEmulatedBoard({ heapBytes: 12 })).rejects.toMatchObject({ code: "emulator-failed" });
  });

  test("faults strike the wire: cut answers, unplug and reset in mid-answer", async () => {
    const board = await start();
    const client = await openRaw(board.path);
    await board.setFaults([{ kind: "drop-rest", at: 4 }]);
    await client.write("print('hello')\x04");
    expect(await client.waitForBytes(4)).toBe("OKhe");
    expect(await run(client, "print('hello')")).toEqual(["hello\r\n", ""]);
    await board.setFaults([{ kind: "reset", at: 4 }]);
    expect(await client.ask("print('hello')\x04", ">>> ")).toMatch(/^OKheMicroPython/);
    await board.setFaults([{ kind: "unplug", at: 3 }]);
    await client.write("\r");
    await client.hungUp;
    await openRaw(await board.replug());
  });
});
