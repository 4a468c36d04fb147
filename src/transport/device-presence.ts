import { type Stats, stat } from "node:fs";

/** How soon a vanished device is noticed at the latest, ms. One stat(2) each. */
const CHECK_MS = 500;

/**
 * Calls `onGone` once when the device file at `path` is no longer there, or is another device. Returns the stop.
 *
 * serialport alone does not always tell: a read on a hung-up terminal returns no bytes and no error, and its reader
 * then asks again for good, as fast as it can (@serialport/bindings-cpp, unix-read).
 */
export function watchPresence(path: string, opened: Stats, onGone: () => void): () => void {
  const timer = setInterval(() => {
    stat(path, (error, found) => {
      // A device that came back at once may have the same number, but not the same file.
      if (!error && found.rdev === opened.rdev && found.ino === opened.ino) return;
      if (error && error.code !== "ENOENT" && error.code !== "ENOTDIR") return;
      clearInterval(timer);
      onGone();
    });
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
