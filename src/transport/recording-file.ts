import type { WireSink } from "./recorder.ts";

/** Where recordings go; another thing in tests. */
export interface RecordingDisk {
  /** Makes a new file, in a new folder that is called `name`, or nearly so where there is one. */
  create(name: string): Promise<RecordingPlace>;
}

export interface RecordingPlace {
  /** Its path. */
  readonly folder: string;
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface Recording extends WireSink {
  /** When everything is on the disk: the folder, null after a failure. Never rejects. */
  readonly finished: Promise<string | null>;
}

/** What may wait for the disk, in characters. A dump of 4 MB of heap has 300 000; beyond this the disk hangs. */
const MAX_WAITING_CHARS = 4 * 1024 * 1024;

/**
 * Writes lines to the disk in their order, as soon as the disk takes them. A disk that fails or cannot follow ends the
 * recording: `onFailed` is told once, nobody else notices.
 */
export function startRecording(
  disk: RecordingDisk,
  name: string,
  onFailed: (reason: string, folder: string | null) => void,
): Recording {
  let waiting = "";
  let folder: string | null = null;
  let state: "open" | "ended" | "failed" = "open";
  let wake = (): void => {};

  const fail = (reason: string): void => {
    if (state === "failed") return;
    state = "failed";
    waiting = "";
    wake();
    onFailed(reason, folder);
  };
  const add = (text: string): void => {
    if (state !== "open") return;
    if (waiting.length + text.length > MAX_WAITING_CHARS) fail("the disk is too slow");
    else waiting += text;
    wake();
  };
  const writeAll = async (place: RecordingPlace): Promise<void> => {
    for (;;) {
      const batch = waiting;
      waiting = "";
      if (batch !== "") await place.append(batch);
      else if (state !== "open") return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  };
  const run = async (): Promise<string | null> => {
    try {
      const place = await disk.create(name);
      folder = place.folder;
      try {
        await writeAll(place);
      } finally {
        await place.close();
      }
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
    return state === "failed" ? null : folder;
  };

  return {
    line: add,
    end: (text) => {
      add(text);
      if (state === "open") state = "ended";
    },
    finished: run(),
  };
}
