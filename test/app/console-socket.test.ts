import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { type ConsoleSocketDeps, openConsoleSocket } from "../../src/app/console-socket.ts";
import { consoleSocketPath, isSocketAlive } from "../../src/app/console-socket-path.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { eventually, openByteClient } from "../support/byte-client.ts";
import { ManualClock } from "../support/manual-clock.ts";

const api = "127.0.0.1-7380";
const startedAt = "2026-11-22T17:00:00.000Z";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "heapscope-socket-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(deps: Partial<ConsoleSocketDeps> = {}) {
  const notes: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void notes.push(JSON.parse(line).msg) });
  const socket = await openConsoleSocket({
    api,
    startedAt,
    env: { XDG_RUNTIME_DIR: temporaryFolder() },
    find: () => undefined,
    clock: systemClock,
    log,
    ...deps,
  });
  if (socket) onTestFinished(() => socket.stop());
  return { socket, path: socket?.path ?? "", notes };
}

test("the socket and its folder are for this user alone, and gone with the daemon", async () => {
  const { socket, path } = await open();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  await socket?.stop();
  expect(() => statSync(path)).toThrow("ENOENT");
});

test("a service's own folder comes first, then the login's, then the temporary one", () => {
  const [service, login, temporary] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const both = { RUNTIME_DIRECTORY: `${service}:/run/more`, XDG_RUNTIME_DIR: login };
  expect(consoleSocketPath(api, both, temporary)).toBe(`${service}/console/${api}.sock`);
  expect(consoleSocketPath(api, { XDG_RUNTIME_DIR: login }, temporary)).toBe(
    `${login}/heapscope/${api}.sock`,
  );
  const name = `heapscope-${process.getuid?.()}`;
  expect(consoleSocketPath(api, {}, temporary)).toBe(`${temporary}/${name}/${api}.sock`);
});

test("a folder that is too long or not there is passed over", () => {
  const temporary = temporaryFolder();
  for (const folder of [join(temporaryFolder(), "x".repeat(90)), "/proc/nowhere"]) {
    expect(consoleSocketPath(api, { XDG_RUNTIME_DIR: folder }, temporary)).toContain(temporary);
  }
  expect(() => consoleSocketPath(api, {}, `${temporary}/${"x".repeat(90)}`)).toThrow("too long for a socket");
});

test("a folder in the temporary one that is a trap is not used", () => {
  const temporary = temporaryFolder();
  const folder = join(temporary, `heapscope-${process.getuid?.()}`);
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  expect(() => consoleSocketPath(api, {}, temporary)).toThrow("open to other users");
  rmSync(folder, { recursive: true });
  symlinkSync(temporaryFolder(), folder);
  expect(() => consoleSocketPath(api, {}, temporary)).toThrow("belongs to somebody else");
});

test("a dead daemon's socket is replaced, a live one's never", async () => {
  const env = { XDG_RUNTIME_DIR: temporaryFolder() };
  writeFileSync(consoleSocketPath(api, env), "what a killed daemon leaves behind");
  const first = await open({ env });
  expect(await isSocketAlive(first.path)).toBe(true);
  const second = await open({ env });
  // Boards are watched all the same.
  expect(second.socket).toBeNull();
  expect(second.notes[0]).toContain('"heapscope console" will not work');
  expect(second.notes[0]).toContain(`another daemon listens at ${first.path}`);
  expect(await isSocketAlive(first.path)).toBe(true);
});

test.each([
  ["GET / HTTP/1.1\r\n", "request-invalid", "no hello"],
  ['{"board":7,"startedAt":"x"}\n', "request-invalid", "no hello"],
  ["x".repeat(5_000), "request-invalid", "too long"],
  ['{"board":"nobody","startedAt":"2026-11-22T17:00:00.000Z"}\n', "board-unknown", '"nobody"'],
  ['{"board":"bench","startedAt":"2026-11-21T00:00:00.000Z"}\n', "request-invalid", "another daemon"],
])("a hello that is none is answered in a line: %j", async (hello, code, text) => {
  const { path } = await open();
  const client = await openByteClient(path);
  client.write(hello);
  const answer = await client.ended;
  expect(answer.endsWith("\n")).toBe(true);
  expect(JSON.parse(answer)).toMatchObject({ ok: false, code, message: expect.stringContaining(text) });
});

test("a client that says nothing is not waited for without end", async () => {
  const clock = new ManualClock();
  const { path } = await open({ clock });
  const client = await openByteClient(path);
  await eventually(() => clock.pending).toBe(1);
  await clock.advance(5_000);
  expect(JSON.parse(await client.ended)).toMatchObject({ code: "request-invalid" });
});
