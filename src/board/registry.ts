import type { BoardSnapshot } from "./board-status.ts";
import { type BoardDeps, type BoardSettings, WatchedBoard } from "./watched-board.ts";

/** The boards of this daemon. */
export class BoardRegistry {
  readonly #deps: Omit<BoardDeps, "claimId">;
  readonly #boards: WatchedBoard[] = [];
  readonly #portOfId = new Map<string, string>();

  constructor(deps: Omit<BoardDeps, "claimId">) {
    this.#deps = deps;
  }

  /** Begins to watch one more board. */
  add(settings: BoardSettings): void {
    const board = new WatchedBoard(settings, {
      ...this.#deps,
      claimId: (candidate, port) => this.#claimId(candidate, port),
    });
    this.#boards.push(board);
    board.start();
  }

  list(): readonly BoardSnapshot[] {
    return this.#boards.map((board) => board.snapshot());
  }

  /** By id, else by name. */
  find(idOrName: string): WatchedBoard | undefined {
    return (
      this.#boards.find((board) => board.snapshot().id === idOrName) ??
      this.#boards.find((board) => board.snapshot().name === idOrName)
    );
  }

  /** Stops all of them, at the same time. */
  async stop(): Promise<void> {
    await Promise.all(this.#boards.map((board) => board.stop()));
  }

  /** Two boards that claim one identity stay apart: the second gets its port behind it. */
  #claimId(candidate: string, port: string): string {
    for (const [id, owner] of this.#portOfId) if (owner === port) this.#portOfId.delete(id);
    const id = this.#portOfId.has(candidate) ? `${candidate}@${port}` : candidate;
    this.#portOfId.set(id, port);
    return id;
  }
}
