import { BoardFiles, type Verification } from "../board/board-files.ts";
import type { BoardFacts } from "../board/board-status.ts";
import { MPY_VERSION } from "../board/file-programs.ts";
import { Probe } from "../board/probe.ts";
import { Session } from "../board/session.ts";
import { mpyVersion } from "../lab/compile-mpy.ts";
import { utf8Text } from "../shared/bytes.ts";
import { type Clock, systemClock } from "../shared/clock.ts";
import { HeapscopeError, heapscopeError } from "../shared/errors.ts";
import { openPort } from "../transport/open-port.ts";
import { defaultPortOptions, type Port } from "../transport/port.ts";
import { canonicalPortUrl } from "../transport/port-url.ts";
import { type HelperFile, type HelperModule, helperFile } from "./helper-files.ts";
import { portKindOf } from "./port-settings.ts";

export interface InstallOptions {
  /** URL or device path. */
  readonly port: string;
  readonly module: HelperModule;
  /** As bytecode. */
  readonly compiled: boolean;
  /** A file of other content may be replaced. */
  readonly force: boolean;
  /** A running program may be stopped by Ctrl-C. */
  readonly interrupt: boolean;
}

export interface Installed {
  readonly facts: BoardFacts;
  /** On the board, absolute. */
  readonly path: string;
  readonly sizeBytes: number;
  /** `present`: it was there already. */
  readonly outcome: "written" | "replaced" | "present";
  readonly verifiedBy: Verification;
  /** Absolute path of a form of the helper that was in its way and is gone. */
  readonly removed: string | null;
  /** What was removed was not this helper's source. */
  readonly removedOther: boolean;
  /** Absolute paths of the other helper (small beside full, or the reverse), which are left alone. */
  readonly beside: readonly string[];
}

export interface InstallDeps {
  readonly clock: Clock;
  readonly openPort: (url: string, signal: AbortSignal) => Promise<Port>;
}

const systemDeps: InstallDeps = {
  clock: systemClock,
  openPort: async (url, signal) =>
    openPort(url, signal, { ...defaultPortOptions, kind: await portKindOf(url) }),
};

/** Until it is verified, a file goes by this name. What an earlier run left there is overwritten. */
const temporaryName = "heapscope.new";
const QUICK = { silenceMs: 2_000, deadlineMs: 10_000 };

/**
 * Puts a helper on a board's file system: under a temporary name first, verified by its hash there, then renamed; main.py is left
 * alone. The board is at its friendly prompt and the port closed afterwards, and no half file is left, also when it throws or
 * `signal` aborts. Throws the errors of opening, of the exchange and of the board's files, `board-file-differs`,
 * `board-file-damaged`, `mpy-not-importable`.
 */
export async function installHelper(
  options: InstallOptions,
  signal: AbortSignal,
  deps: InstallDeps = systemDeps,
): Promise<Installed> {
  const url = canonicalPortUrl(options.port);
  const file = await helperFile(options.module, options.compiled);
  const { bytes: source } = options.compiled ? await helperFile(options.module, false) : file;
  const port = await deps.openPort(url, signal);
  const session = new Session(port, { clock: deps.clock });
  try {
    signal.throwIfAborted();
    if (options.interrupt) await session.enter("interrupt");
    const facts = await new Probe(session, url).identify();
    if (options.compiled) await mustImportMpy(session, url);
    return { facts, ...(await place(new BoardFiles(session, url), url, file, source, options, signal)) };
  } finally {
    await session.close();
  }
}

/** Throws `mpy-not-importable`. */
async function mustImportMpy(session: Session, port: string): Promise<void> {
  const { stdout } = await session.run(MPY_VERSION, QUICK);
  const number = /^\d+\r?$/m.exec(utf8Text(stdout))?.[0].trim();
  const found = number === undefined ? null : Number(number) & 0xff;
  if (found === mpyVersion) return;
  throw heapscopeError("mpy-not-importable", {
    port,
    found: found === null ? "no .mpy files, or only older ones" : `.mpy version ${found}`,
    wanted: mpyVersion,
  });
}

async function place(
  files: BoardFiles,
  port: string,
  { name, bytes }: HelperFile,
  source: Uint8Array,
  { module, force }: InstallOptions,
  signal: AbortSignal,
): Promise<Omit<Installed, "facts">> {
  const folder = await files.open();
  // Import takes a folder before a .py, and that before a .mpy.
  const inTheWay = [module, ...(name.endsWith(".mpy") ? [`${module}.py`] : [])];
  const rival: HelperModule = module === "heapscope" ? "heapscope_tiny" : "heapscope";
  const rivals = [`${rival}.py`, `${rival}.mpy`];
  const found = await files.find([name, ...inTheWay, ...rivals]);
  const inItsPlace = found.find((one) => one.isFolder && !rivals.includes(one.name));
  if (inItsPlace) throw heapscopeError("board-folder-in-the-way", { port, folder: folder + inItsPlace.name });
  const there = found.find((one) => one.name === name);
  const other = found.find((one) => one.name === `${module}.py` && one !== there);
  const result = {
    path: folder + name,
    sizeBytes: bytes.length,
    removed: other ? folder + other.name : null,
    removedOther: other !== undefined && (await files.holds(other.name, source)) === null,
    beside: found.filter((one) => !one.isFolder && rivals.includes(one.name)).map((one) => folder + one.name),
  };
  const verified = there ? await files.holds(name, bytes) : null;
  if (other && !force)
    throw differs(port, folder + other.name, `is there, and import would take it before ${name}`);
  if (there && !verified && !force) throw differs(port, result.path, "has other content than this helper");
  if (verified) {
    if (other) await files.remove(other.name);
    return { ...result, outcome: "present", verifiedBy: verified };
  }
  const verifiedBy = await writeVerified(files, port, { name, bytes }, signal);
  if (other) await files.remove(other.name);
  return { ...result, outcome: there ? "replaced" : "written", verifiedBy };
}

/** Writes under the temporary name, verifies, renames. What damaged it on the way may do so once. */
async function writeVerified(
  files: BoardFiles,
  port: string,
  { name, bytes }: HelperFile,
  signal: AbortSignal,
): Promise<Verification> {
  try {
    for (let tries = 1; tries <= 2; tries++) {
      const verified = await writeOnce(files, bytes, signal, tries === 1);
      if (verified === null) continue;
      signal.throwIfAborted();
      await files.rename(temporaryName, name);
      return verified;
    }
    throw heapscopeError("board-file-damaged", { port, file: name });
  } catch (error) {
    // Where nothing was written yet there is nothing to remove, and what is the matter is said already.
    await files.remove(temporaryName).catch(() => {});
    throw error;
  }
}

/** Null: it did not arrive as it is. */
async function writeOnce(
  files: BoardFiles,
  bytes: Uint8Array,
  signal: AbortSignal,
  mayFail: boolean,
): Promise<Verification | null> {
  try {
    await files.write(temporaryName, bytes, () => signal.throwIfAborted());
    return await files.holds(temporaryName, bytes);
  } catch (error) {
    const isGarbled = error instanceof HeapscopeError && error.code === "program-garbled";
    if (!isGarbled || !mayFail) throw error;
    return null;
  }
}

function differs(port: string, file: string, what: string): HeapscopeError {
  return heapscopeError("board-file-differs", { port, file, what });
}
