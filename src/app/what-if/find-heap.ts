import { type Stats, statSync } from "node:fs";
import type { Clock } from "../../shared/clock.ts";
import { HeapscopeError, heapscopeError } from "../../shared/errors.ts";
import type { DaemonAddress } from "../daemon-client.ts";
import type { WhatIfSubject } from "./subject.ts";

export interface FindHeapDeps {
  readonly daemon: DaemonAddress;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly clock: Clock;
  /** Asked for only where a port is opened, which wants to be closed again. */
  readonly stopSignal: () => AbortSignal;
}

/** What a word on the command line stands for. */
export type HeapPlace = "dump" | "port" | "board";

/**
 * `-` and an existing file are dumps; `serial:`, `tcp:`, a device, and what lies in /dev are ports; another word with a slash is meant as a file;
 * all else is a board of the daemon. `stat`: of the word as a path, undefined where there is none.
 */
export function heapPlaceOf(
  word: string,
  stat: Pick<Stats, "isFile" | "isFIFO" | "isCharacterDevice"> | undefined,
): HeapPlace {
  if (word === "-") return "dump";
  if (/^(serial:|tcp:)/.test(word) || stat?.isCharacterDevice()) return "port";
  if (stat?.isFile() || stat?.isFIFO()) return "dump";
  if (/^\/dev\/(?!fd\/|stdin$)/.test(word)) return "port";
  return word.includes("/") ? "dump" : "board";
}

/**
 * The heap that `word` names. Throws the errors of the three ways, and `board-or-file-unknown` for a word that neither a running daemon
 * nor the file system knows.
 */
export async function findHeap(word: string, deps: FindHeapDeps): Promise<WhatIfSubject> {
  const place = heapPlaceOf(word, statOf(word));
  if (place === "dump") return (await import("./heap-of-dump.ts")).heapOfDump(word, deps.stdin);
  if (place === "port") return (await import("./heap-of-port.ts")).heapOfPort(word, deps.stopSignal());
  const { heapOfBoard } = await import("./heap-of-board.ts");
  try {
    return await heapOfBoard(deps.daemon, word, deps.clock);
  } catch (error) {
    throw unknownWord(word, deps.daemon, error) ?? error;
  }
}

/** Somebody may have meant a file: then what is missing is a file, not a daemon. */
function unknownWord(word: string, { url }: DaemonAddress, error: unknown): HeapscopeError | undefined {
  if (!(error instanceof HeapscopeError)) return undefined;
  if (error.code === "daemon-absent") {
    return heapscopeError("board-or-file-unknown", { word, board: `no heapscope daemon answers at ${url}` });
  }
  const isUnknown = error.code === "daemon-refused" && error.context["problem"] === "board-unknown";
  return isUnknown
    ? heapscopeError("board-or-file-unknown", { word, board: `the daemon at ${url} knows no such board` })
    : undefined;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
