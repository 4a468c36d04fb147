import type { CancelTimer, Clock } from "../shared/clock.ts";
import { isExpired, type TokenRecord } from "./access.ts";

const CHECK_MS = 5_000;

export interface TokenConnectionsDeps {
  readonly clock: Clock;
  readonly tokens?: (() => readonly TokenRecord[]) | undefined;
}

interface Connection {
  readonly token: TokenRecord;
  readonly close: (reason: string) => void;
}

/** Connections that were let in by a token and last: they end within seconds of its being revoked or expired. */
export class TokenConnections {
  readonly #clock: Clock;
  readonly #tokens: () => readonly TokenRecord[];
  readonly #connections = new Set<Connection>();
  #cancelCheck: CancelTimer | undefined;

  constructor({ clock, tokens = () => [] }: TokenConnectionsDeps) {
    this.#clock = clock;
    this.#tokens = tokens;
  }

  /**
   * Watches a connection that came with `token`; one without needs no watching. `close` is called at most once, with a
   * reason for people. Returns what to call when the connection has ended.
   */
  add(token: TokenRecord | null, close: (reason: string) => void): () => void {
    if (token === null) return () => {};
    const connection = { token, close };
    this.#connections.add(connection);
    this.#wait();
    return () => {
      this.#connections.delete(connection);
      this.#stopWaiting();
    };
  }

  #wait(): void {
    this.#cancelCheck ??= this.#clock.after(CHECK_MS, () => {
      this.#cancelCheck = undefined;
      this.#check();
      if (this.#connections.size > 0) this.#wait();
    });
  }

  /** A timer would keep the process up. */
  #stopWaiting(): void {
    if (this.#connections.size > 0) return;
    this.#cancelCheck?.();
    this.#cancelCheck = undefined;
  }

  #check(): void {
    const valid = new Set(this.#tokens().map(({ hash }) => hash));
    for (const connection of this.#connections) {
      const { token, close } = connection;
      const isOver = isExpired(token, this.#clock.nowMs());
      if (!isOver && valid.has(token.hash)) continue;
      this.#connections.delete(connection);
      close(`the token "${token.name}" ${isOver ? "has expired" : "was revoked"}`);
    }
  }
}
