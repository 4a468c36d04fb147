import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bytesOf } from "../../src/shared/bytes.ts";
import { recordPort } from "../../src/transport/recorder.ts";
import { openRecordingDisk, recordingName } from "../../src/transport/recording-disk.ts";
import { type RecordingDisk, startRecording } from "../../src/transport/recording-file.ts";
import { headerLine } from "../../src/transport/wire-lines.ts";
import { FakeBoard } from "../support/fake-board.ts";
import { fakePort } from "../support/fake-port.ts";
import { ManualClock, settle } from "../support/manual-clock.ts";

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-record-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A disk that keeps everything in memory. `hold`: its writes wait until `release()`. */
function fakeDisk(options: { readonly hold?: boolean; readonly failAt?: number } = {}) {
  const written: string[] = [];
  let release = (): void => {};
  const held = options.hold ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
  const disk: RecordingDisk = {
    create: async (name) => ({
      folder: `/disk/${name}`,
      append: async (text) => {
        await held;
        if (written.length === options.failAt) throw new Error("the disk is full");
        written.push(text);
      },
      close: async () => {},
    }),
  };
  return { disk, written, release: () => release() };
}

function recordedFakePort() {
  const port = fakePort(new FakeBoard({ paste: "yes", run: () => ({ stdout: "" }) }));
  const clock = new ManualClock();
  const lines: string[] = [];
  const sink = { line: (text: string) => lines.push(text), end: (text: string) => lines.push(text) };
  return { port, clock, lines, recorded: recordPort(port, sink, clock) };
}

test("both directions are told in order, with the time since the opening, and then the end", async () => {
  const { port, clock, lines, recorded } = recordedFakePort();
  const heard: string[] = [];
  recorded.listen((bytes) => heard.push(Buffer.from(bytes).toString("latin1")));
  await clock.advance(12.3456);
  await recorded.write(bytesOf("\r"));
  await clock.advance(1);
  port.unplug();
  await settle();
  expect(lines).toEqual([
    '{"ms":12.346,"from":"host","text":"\\r"}\n',
    '{"ms":12.346,"from":"board","text":"\\r\\n>>> "}\n',
    '{"ms":13.346,"end":"vanished","reason":"unplugged"}\n',
  ]);
  expect(heard).toEqual(["\r\n>>> "]);
});

test("every byte survives, and a line holds only characters that an editor shows", async () => {
  const { port, lines, recorded } = recordedFakePort();
  recorded.listen(() => {});
  port.print(everyByte);
  await settle();
  expect(lines[0]).toMatch(/^[ -~\u00a0-\u00ff]+\n$/);
  const { text } = JSON.parse(lines[0]!);
  expect(new Uint8Array(Buffer.from(text, "latin1"))).toEqual(everyByte);
});

test("a failing write fails as without a recording", async () => {
  const { port, recorded } = recordedFakePort();
  port.unplug();
  await expect(recorded.write(bytesOf("x"))).rejects.toMatchObject({ code: "port-vanished" });
  expect(recorded.url).toBe(port.url);
});

test("lines reach the disk in their order, and none after the end", async () => {
  const { disk, written } = fakeDisk();
  const recording = startRecording(disk, "one", () => expect.fail("it did not fail"));
  recording.line("a\n");
  await settle();
  recording.line("b\n");
  recording.line("c\n");
  recording.end("d\n");
  recording.line("e\n");
  expect(await recording.finished).toBe("/disk/one");
  expect(written.join("")).toBe("a\nb\nc\nd\n");
});

test("a line is on its way to the disk at once, not when the recording ends", async () => {
  const { disk, written } = fakeDisk();
  const recording = startRecording(disk, "one", () => {});
  recording.line("a\n");
  await settle();
  expect(written).toEqual(["a\n"]);
});

test("a disk that fails ends the recording with one word, whatever comes after", async () => {
  const { disk, written } = fakeDisk({ failAt: 1 });
  const failures: unknown[] = [];
  const recording = startRecording(disk, "one", (...failure) => failures.push(failure));
  for (let count = 0; count < 5; count++) {
    recording.line("a\n");
    await settle();
  }
  recording.end("b\n");
  expect(await recording.finished).toBeNull();
  expect(failures).toEqual([["the disk is full", "/disk/one"]]);
  expect(written).toEqual(["a\n"]);
});

test("a disk that cannot follow ends the recording before the memory does", async () => {
  const { disk, written, release } = fakeDisk({ hold: true });
  const failures: string[] = [];
  const recording = startRecording(disk, "one", (reason) => failures.push(reason));
  const line = "x".repeat(1024 * 1024);
  for (let count = 0; count < 20; count++) {
    recording.line(line);
    await settle();
  }
  expect(failures).toEqual(["the disk is too slow"]);
  release();
  await recording.finished;
  expect(written.join("").length).toBeLessThan(5 * line.length);
});

test("a recording is a folder of its own, and never takes the place of another", async () => {
  const dir = join(folderForTest(), "new");
  const disk = await openRecordingDisk(dir);
  const names = await Promise.all(
    ["1", "2", "3"].map((text) => {
      const recording = startRecording(disk, "name", () => expect.fail("it did not fail"));
      recording.end(text);
      return recording.finished;
    }),
  );
  expect(readdirSync(dir).sort()).toEqual(["name", "name-2", "name-3"]);
  const texts = names.map((folder) => readFileSync(join(folder!, "wire.jsonl"), "utf8"));
  expect(texts).toEqual(["1", "2", "3"]);
});

test("a folder that is removed meanwhile ends only the recording", async () => {
  const dir = folderForTest();
  const disk = await openRecordingDisk(dir);
  rmSync(dir, { recursive: true });
  const failures: unknown[] = [];
  const recording = startRecording(disk, "name", (...failure) => failures.push(failure));
  recording.line("a\n");
  expect(await recording.finished).toBeNull();
  expect(failures).toEqual([["there is no such folder", null]]);
});

test("a folder that cannot be used is an error at the start that says why", async () => {
  const dir = folderForTest();
  const file = join(dir, "file");
  writeFileSync(file, "");
  for (const [unusable, reason] of [
    [file, "it is no folder"],
    [join(file, "below"), "it is no folder"],
    [join(dir, "missing", "below"), "there is no such folder"],
    ["/proc/heapscope", "there is no such folder"],
  ] as const) {
    await expect(openRecordingDisk(unusable)).rejects.toMatchObject({
      code: "record-folder-unusable",
      exitCode: 2,
      message: expect.stringContaining(`${unusable}: ${reason}`),
    });
  }
});

test.skipIf(process.getuid?.() === 0)("a folder without permission is such an error too", async () => {
  const dir = folderForTest();
  chmodSync(dir, 0o500);
  await expect(openRecordingDisk(dir)).rejects.toMatchObject({ code: "record-folder-unusable" });
});

test("trying the folder leaves nothing in it", async () => {
  const dir = folderForTest();
  await openRecordingDisk(dir);
  expect(readdirSync(dir)).toEqual([]);
  expect(statSync(dir).isDirectory()).toBe(true);
});

test.each([
  ["serial:/dev/ttyACM0", "dev-ttyACM0-20261122T170000.123Z"],
  ["tcp://[::1]:8880", "tcp-1-8880-20261122T170000.123Z"],
  ["serial:/dev/../..", "dev-20261122T170000.123Z"],
  ["serial:COM3", "COM3-20261122T170000.123Z"],
])("the recording of %s is called %s", (port, name) => {
  expect(recordingName(port, "2026-11-22T17:00:00.123Z")).toBe(name);
});

test("the header says which port, how it was opened, by which heapscope, and when", () => {
  const line = headerLine(
    "serial:/dev/x",
    { baudRate: 9600, dtr: false },
    "1.2.3",
    "2026-11-22T17:00:00.123Z",
  );
  expect(JSON.parse(line)).toEqual({
    format: "heapscope-wire",
    version: 1,
    port: "serial:/dev/x",
    baudRate: 9600,
    dtr: false,
    heapscope: "1.2.3",
    startedAt: "2026-11-22T17:00:00.123Z",
  });
});
