import { Probe } from "../../src/board/probe.ts";
import { type Exchange, Session } from "../../src/board/session.ts";
import { latin1Text } from "../../src/shared/bytes.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openPort } from "../../src/transport/open-port.ts";

/** One connection to a board, as the daemon makes it. */
export interface Connection {
  readonly probe: Probe;
  /** Runs Python on the board and returns what it printed; an exception there is an error here. */
  run(source: string): Promise<string>;
}

/** Opens the port, lets `work` use it, and closes it as the daemon does. */
export async function connected<Result>(
  url: string,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const session = new Session(await openPort(url), { clock: systemClock });
  const run = async (source: string): Promise<string> => {
    const exchange: Exchange = await session.run(source, { silenceMs: 5_000, deadlineMs: 10_000 });
    if (exchange.traceback.length > 0) throw new Error(latin1Text(exchange.traceback));
    return latin1Text(exchange.stdout);
  };
  try {
    return await work({ probe: new Probe(session, url), run });
  } finally {
    await session.close();
  }
}

/** A bare client: writes `text`, returns what comes until it ends in `end`. Text is latin1. */
export async function type(url: string, text: string, end: string, timeoutMs = 5_000): Promise<string> {
  const port = await openPort(url);
  let seen = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(new Error(`no ${JSON.stringify(end)} within ${timeoutMs} ms, but ${JSON.stringify(seen)}`)),
        timeoutMs,
      );
      port.listen((bytes) => {
        seen += latin1Text(bytes);
        if (!seen.endsWith(end)) return;
        clearTimeout(timer);
        resolve();
      });
      port.write(Buffer.from(text, "latin1")).catch(reject);
    });
  } finally {
    await port.close();
  }
  return seen;
}
