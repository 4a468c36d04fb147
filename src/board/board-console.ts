import type { Session } from "./session.ts";

/** A board's terminal, lent to one client. */
export interface BoardConsole {
  /** The board stands at its friendly prompt, which it showed before the console was opened. */
  readonly atPrompt: boolean;
  /** Sends bytes to the board. Rejects with port-vanished. */
  write(bytes: Uint8Array): Promise<void>;
  /** Gives the board back. Twice does no harm. */
  close(reason?: string): void;
  /** Resolves, never rejects, when it is closed from either side, with the reason as half a sentence. */
  readonly closed: Promise<string>;
}

/** Hands the session's port to `onBytes` until the console is closed or the port is gone. Throws port-vanished. */
export async function openBoardConsole(
  session: Session,
  onBytes: (bytes: Uint8Array) => void,
): Promise<BoardConsole> {
  const tap = await session.lend(onBytes);
  let settle: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const { gone } = session;
  const close = (reason = "the client left"): void => {
    // The connection may see many consoles.
    gone.removeEventListener("abort", lost);
    tap.end();
    settle(reason);
  };
  const lost = (): void => close("the board's port is gone");
  gone.addEventListener("abort", lost);
  if (gone.aborted) lost();
  return { atPrompt: tap.atPrompt, write: tap.write, close, closed };
}
