import { mkdir, mkdtemp, open, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { heapscopeError } from "../shared/errors.ts";
import type { RecordingDisk, RecordingPlace } from "./recording-file.ts";

/** How many recordings of one port may begin in the same millisecond. */
const MAX_NAMESAKES = 100;
const MAX_SLUG_CHARS = 80;

/**
 * Recordings in `dir`, which is made where it is missing, but not the folders above it. Throws
 * `record-folder-unusable`.
 */
export async function openRecordingDisk(dir: string): Promise<RecordingDisk> {
  try {
    // Not `recursive`: where the system makes no folders at all (/proc) Node then tries for ever.
    await mkdir(dir).catch(unlessThere);
    // Only making one shows whether folders can be made: permissions alone do not tell of a full or read-only disk.
    await rmdir(await mkdtemp(join(dir, ".heapscope-")));
  } catch (error) {
    throw heapscopeError("record-folder-unusable", { folder: dir, reason: diskReason(error) });
  }
  return { create: (name) => createPlace(dir, name) };
}

/** Such as `dev-ttyACM0-20261122T170000.123Z` for the port's URL and the time it was opened. */
export function recordingName(port: string, startedAt: string): string {
  const slug = port
    .replace(/^serial:/, "")
    .replace(/[^A-Za-z0-9._]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(-MAX_SLUG_CHARS);
  return `${slug}-${startedAt.replace(/[-:]/g, "")}`;
}

function unlessThere(error: unknown): void {
  if (errnoOf(error) !== "EEXIST") throw error;
}

async function createPlace(dir: string, name: string): Promise<RecordingPlace> {
  try {
    const folder = await newFolder(dir, name);
    const file = await open(join(folder, "wire.jsonl"), "ax");
    const withReason = async (work: Promise<void>): Promise<void> => {
      await work.catch((error) => Promise.reject(new Error(diskReason(error))));
    };
    return {
      folder,
      append: (text) => withReason(file.appendFile(text)),
      close: () => withReason(file.close()),
    };
  } catch (error) {
    throw new Error(diskReason(error));
  }
}

async function newFolder(dir: string, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const folder = join(dir, count === 1 ? name : `${name}-${count}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST" || count === MAX_NAMESAKES) throw error;
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there",
  EPERM: "no permission to write there",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "it is no folder",
  ENOENT: "there is no such folder",
};

function diskReason(error: unknown): string {
  return reasons[errnoOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
