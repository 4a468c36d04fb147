import { closeSync, constants, openSync, readSync } from "node:fs";
import { type Clock, sleep } from "../../shared/clock.ts";

const patienceMs = 3_000;
const lookEveryMs = 20;
const prompt = />>> $/;

/**
 * The lines that an emulated board prints from its start to its first prompt, at most for three seconds: opening the port as usual
 * throws away what waits there. `path`: of its pseudo-terminal. Throws the signal's reason; a terminal that cannot be read has no lines.
 */
export async function bootLines(path: string, clock: Clock, signal: AbortSignal): Promise<readonly string[]> {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return [];
  }
  const decoder = new TextDecoder();
  const endMs = clock.monotonicMs() + patienceMs;
  let text = "";
  try {
    while (clock.monotonicMs() < endMs && !prompt.test(text)) {
      const bytes = waiting(descriptor);
      if (bytes === null) break;
      text += decoder.decode(bytes, { stream: true });
      if (bytes.length === 0) await sleep(clock, lookEveryMs, signal);
    }
  } finally {
    closeSync(descriptor);
  }
  return text.split(/\r?\n/);
}

/** What there is to read, perhaps nothing; null when no more can come. */
function waiting(descriptor: number): Uint8Array | null {
  const buffer = new Uint8Array(4096);
  try {
    const count = readSync(descriptor, buffer);
    return count === 0 ? null : buffer.subarray(0, count);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EAGAIN" ? new Uint8Array() : null;
  }
}
