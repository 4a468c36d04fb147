import type { Clock } from "../shared/clock.ts";
import { type HeapscopeError, heapscopeError } from "../shared/errors.ts";
import type { openPort } from "../transport/open-port.ts";
import { defaultPortOptions } from "../transport/port.ts";
import { recordPort } from "../transport/recorder.ts";
import { openRecordingDisk, recordingName } from "../transport/recording-disk.ts";
import { startRecording } from "../transport/recording-file.ts";
import { headerLine } from "../transport/wire-lines.ts";
import { version } from "./version.ts";

export type OpenPort = typeof openPort;

export interface PortRecorder {
  /** Opens a port; from then on both directions go to a folder of their own. */
  readonly openPort: OpenPort;
  /** Resolves when every recording is on the disk. Close the ports before. */
  finish(): Promise<void>;
}

export interface RecordingNews {
  /** The port is closed, and what went over it is in `folder`. */
  readonly onRecorded: (folder: string, port: string) => void;
  /** The disk failed: the recording ends there, the port goes on. */
  readonly onFailed: (error: HeapscopeError) => void;
}

/**
 * Records in `dir` what goes over the ports that `open` opens (format: transport/wire-lines). Throws
 * `record-folder-unusable`.
 */
export async function recordPorts(
  dir: string,
  open: OpenPort,
  clock: Clock,
  { onRecorded, onFailed }: RecordingNews,
): Promise<PortRecorder> {
  const disk = await openRecordingDisk(dir);
  const running = new Set<Promise<void>>();
  return {
    openPort: async (url, signal, options = defaultPortOptions) => {
      const port = await open(url, signal, options);
      const startedAt = new Date(clock.nowMs()).toISOString();
      const recording = startRecording(disk, recordingName(url, startedAt), (reason, folder) => {
        onFailed(heapscopeError("recording-failed", { folder: folder ?? dir, reason }));
      });
      recording.line(headerLine(url, options, version, startedAt));
      const finished = recording.finished.then((folder) => {
        running.delete(finished);
        if (folder !== null) onRecorded(folder, url);
      });
      running.add(finished);
      return recordPort(port, recording, clock);
    },
    finish: async () => {
      await Promise.all(running);
    },
  };
}
