import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import type { Clock } from "../../src/shared/clock.ts";
import { otherThan, type Transcript } from "./transcript.ts";

/** The board's side of recorded connections, behind a TCP port. */
export interface TranscriptServer {
  readonly url: string;
  /** Everything was said but what belongs to the host's goodbye. */
  readonly isDone: boolean;
  /** Where the host did not say what it had said; null while it does. */
  readonly problem: string | null;
  /** So many bytes on the present connection, to the host and from it. */
  readonly sentBytes: number;
  readonly heardBytes: number;
  stop(): Promise<void>;
}

/**
 * Plays a recording per connection, in order: says what the board said when the host has said what came before it, and as
 * much later on `clock` as then. Whoever connects after the last one is turned away.
 */
export async function serveTranscripts(
  wires: readonly Transcript[],
  clock: Clock,
): Promise<TranscriptServer> {
  const sockets = new Set<Socket>();
  let problem: string | null = null;
  let begun = 0;
  let current: Playing | null = null;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const wire = wires[begun];
    if (!wire) return void socket.destroy();
    const name = `connection ${++begun}`;
    current = play(wire, socket, clock, (what) => {
      problem ??= `${name}, ${what}`;
      socket.destroy();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    url: `tcp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    get isDone() {
      return begun === wires.length && current !== null && current.isDone();
    },
    get problem() {
      return problem;
    },
    get sentBytes() {
      return current?.sentBytes() ?? 0;
    },
    get heardBytes() {
      return current?.heardBytes() ?? 0;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Playing {
  isDone(): boolean;
  sentBytes(): number;
  heardBytes(): number;
}

function play(
  { steps, end }: Transcript,
  socket: Socket,
  clock: Clock,
  onProblem: (what: string) => void,
): Playing {
  const goodbyeAt = startOfGoodbye(steps, end);
  let at = 0;
  let heard = "";
  let waits = false;
  let sentBytes = 0;
  let heardBytes = 0;
  /** Steps over what the host has said, and sets the clock for what the board says then. */
  const goOn = (): void => {
    while (!waits) {
      const step = steps[at];
      const delayMs = (step ?? end ?? { ms: 0 }).ms - (steps[at - 1]?.ms ?? 0);
      if (!step) {
        if (end?.end === "vanished") clock.after(delayMs, () => socket.destroy());
        if (heard !== "") onProblem(`after the end: ${otherThan("", heard)}`);
        return;
      }
      if (step.from === "board") {
        waits = true;
        clock.after(delayMs, () => {
          socket.write(Buffer.from(step.text, "latin1"));
          sentBytes += step.text.length;
          waits = false;
          at++;
          goOn();
        });
        return;
      }
      const common = heard.slice(0, step.text.length);
      if (!step.text.startsWith(common)) {
        onProblem(`line ${at + 2}: ${otherThan(step.text, heard)}`);
      }
      if (common.length < step.text.length) return;
      heard = heard.slice(common.length);
      at++;
    }
  };
  socket.on("data", (bytes) => {
    heard += bytes.toString("latin1");
    heardBytes += bytes.length;
    goOn();
  });
  goOn();
  return { isDone: () => at >= goodbyeAt, sentBytes: () => sentBytes, heardBytes: () => heardBytes };
}

/** The step from which on the host says goodbye because it is stopped: the last `\x02`, and what goes with it. */
function startOfGoodbye(steps: Transcript["steps"], end: Transcript["end"]): number {
  const last = steps.findLastIndex((step) => step.from === "host");
  if (end?.end === "vanished" || steps[last]?.text !== "\x02") return steps.length;
  const before = steps[last - 1];
  return before?.from === "host" && before.text === "#\x04" ? last - 1 : last;
}
