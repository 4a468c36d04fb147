import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type EmulatedBoard, startEmulatedBoard } from "../../src/emulator/emulated-board.ts";
import { bytesOf, latin1Text } from "../../src/shared/bytes.ts";
import { openPort } from "../../src/transport/open-port.ts";
import type { Port } from "../../src/transport/port.ts";

const boards: EmulatedBoard[] = [];
const ports: Port[] = [];

afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close()));
  await Promise.all(boards.splice(0).map((board) => board.stop()));
});

async function board(): Promise<EmulatedBoard> {
  const started = await startEmulatedBoard({ app: null });
  boards.push(started);
  return started;
}

async function open(url: string, options?: Parameters<typeof openPort>[2]): Promise<Port> {
  const port = await openPort(url, undefined, options);
  ports.push(port);
  return port;
}

test("a pseudo-terminal is a serial port, also with modem lines asked for that it does not have", async () => {
  const port = await open((await board()).url, { baudRate: 115200, dtr: false, rts: false });
  const answer = new Promise<string>((resolve) => {
    let text = "";
    port.listen((bytes) => {
      text += latin1Text(bytes);
      if (text.includes("raw REPL; CTRL-B to exit\r\n>")) resolve(text);
    });
  });
  await port.write(bytesOf("\r\x01"));
  expect(await answer).toContain("raw REPL");
  await port.close();
  expect(await port.closed).toEqual({ kind: "closed" });
});

test("a port that is open elsewhere is busy", async () => {
  const { url } = await board();
  await open(url);
  await expect(openPort(url)).rejects.toMatchObject({ code: "port-busy" });
});

test("an unplugged device is told as vanished", async () => {
  const emulated = await board();
  const port = await open(emulated.url);
  port.listen(() => {});
  await emulated.unplug();
  expect(await port.closed).toMatchObject({ kind: "vanished" });
});

test("a path that is not there, and one that is a file, are clear sentences", async () => {
  await expect(openPort("/dev/heapscope-none")).rejects.toMatchObject({ code: "port-not-found" });
  const folder = mkdtempSync(join(tmpdir(), "heapscope-port-"));
  writeFileSync(join(folder, "file"), "no device");
  await expect(openPort(join(folder, "file"))).rejects.toThrow("it is a file, not a serial device");
  rmSync(folder, { recursive: true });
});

test("a kind of port whose lines are set opens also where there are none, and closing keeps or drops them by kind", async () => {
  const emulated = await board();
  const hupcl = (): string | undefined =>
    /-?hupcl/.exec(execFileSync("stty", ["-F", emulated.path, "-a"], { encoding: "utf8" }))?.[0];
  const native = await open(emulated.url, { baudRate: 115200, kind: "native" });
  expect(hupcl()).toBe("hupcl");
  await native.close();
  await open(emulated.url, { baudRate: 115200, kind: "bridge", rts: false });
  expect(hupcl()).toBe("-hupcl");
});

test("a serial number that is asked for does not matter where the device has none", async () => {
  await open((await board()).url, { baudRate: 115200, serialNumber: "abc" });
});
