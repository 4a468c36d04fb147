import type { Clock } from "../shared/clock.ts";
import type { Port } from "./port.ts";
import { chunkLine, endLine } from "./wire-lines.ts";

/** Takes the lines of one recording in order. Never throws and never makes its caller wait. */
export interface WireSink {
  line(text: string): void;
  /** The last line; whatever comes after it is ignored. */
  end(text: string): void;
}

/** `port` with both directions told to `sink`. A write is told when it is asked for: the board answers later. */
export function recordPort(port: Port, sink: WireSink, clock: Clock): Port {
  const openedMs = clock.monotonicMs();
  const sinceMs = (): number => clock.monotonicMs() - openedMs;
  void port.closed.then((reason) => sink.end(endLine(sinceMs(), reason)));
  return {
    ...port,
    listen: (onBytes) => {
      port.listen((bytes) => {
        sink.line(chunkLine(sinceMs(), "board", bytes));
        onBytes(bytes);
      });
    },
    write: (bytes) => {
      sink.line(chunkLine(sinceMs(), "host", bytes));
      return port.write(bytes);
    },
  };
}
