import type { BoardSnapshot } from "./board-status.ts";
import { type BoardDeps, type BoardSettings, WatchedBoard } from "./watched-board.ts";

/** The boards of this daemon. */
export class BoardRegistry {
  readonly #deps: Omit<BoardDeps, "claimId">;
  readonly #boards: WatchedBoard[] = [];
  /** Which board goes by an id; boards are numbered in order of arrival. */
  readonly #ownerOfId = new Map<string, number>();

  constructor(deps: Omit<BoardDeps, "claimId">) {
    this.#deps = deps;
  }

  /** Begins to watch one more board. */
  add(settings: BoardSettings): void {
    const number = this.#boards.length;
    const board = new WatchedBoard(settings, {
      ...this.#deps,
      claimId: (candidate, port) => this.#claimId(number, candidate, port),
    });
    this.#boards.push(board);
    board.start();
  }

  /**
   * A port was plugged in. Where a board that is away had this port, or has this USB serial number, it is that one and
   * keeps its history. Else it is a new board, where `attach` says that it may be one.
   */
  plugged(settings: BoardSettings, attach: boolean): void {
    const { port, serialNumber } = settings;
    const there = this.#boards.find((board) => board.snapshot().port === port);
    const away = serialNumber === null ? undefined : this.#boards.find((board) => board.isAway(serialNumber));
    const known = there ?? away;
    if (known) known.returned(port);
    else if (attach) this.add(settings);
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

  /** The board whose console is offered there; of several, the first that is not away. */
  atConsolePort(port: number): WatchedBoard | undefined {
    const there = this.#boards.filter((board) => board.consolePort === port);
    return there.find((board) => board.snapshot().state.kind !== "disconnected") ?? there[0];
  }

  /** Stops all of them, at the same time. */
  async stop(): Promise<void> {
    await Promise.all(this.#boards.map((board) => board.stop()));
  }

  /** Two boards that claim one identity stay apart: the second gets its port behind it. */
  #claimId(number: number, candidate: string, port: string): string {
    for (const [id, owner] of this.#ownerOfId) if (owner === number) this.#ownerOfId.delete(id);
    const id = this.#ownerOfId.has(candidate) ? `${candidate}@${port}` : candidate;
    this.#ownerOfId.set(id, number);
    return id;
  }
}
