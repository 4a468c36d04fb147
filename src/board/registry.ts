import type { BoardSnapshot } from "./board-status.ts";
import { type BoardDeps, type BoardSettings, WatchedBoard } from "./watched-board.ts";

/** What is known of a port that was plugged in, beside how its board is watched. */
export interface Plugged {
  /** Its configuration names this very path: the board found there takes the place of the one before. Default false. */
  readonly fixed?: boolean;
  /** Whether the settings are of an entry of the configuration, and so more than a known board's own. Default true. */
  readonly claimed?: boolean;
  /** Whether a known board is followed to a port that would not be attached by itself. Default true. */
  readonly follow?: boolean;
  /** Whether that board's port is there just now and is still its own. Default: as the board itself has noticed. */
  readonly isThere?: (port: string, serialNumber: string | null) => boolean;
}

interface Watched {
  readonly board: WatchedBoard;
  /** As they were asked for; the name may be another's. */
  readonly settings: BoardSettings;
  readonly fixed: boolean;
  readonly number: number;
  /** Its device is no more; who has its port now is somebody else. */
  readonly hasEnded?: boolean;
}

/** The boards of this daemon. */
export class BoardRegistry {
  readonly #deps: Omit<BoardDeps, "claimId">;
  #watched: readonly Watched[] = [];
  /** Which board goes by an id. */
  readonly #ownerOfId = new Map<string, number>();
  /** Boards that end, and what begins after them. */
  readonly #ending = new Set<Promise<void>>();
  #lastNumber = 0;
  /** Ports whose board ends and begins anew. */
  readonly #renewed = new Set<string>();
  /** As told with the newest port. */
  #isThere: Plugged["isThere"];
  #stopped = false;

  constructor(deps: Omit<BoardDeps, "claimId">) {
    this.#deps = deps;
  }

  /** Begins to watch one more board. A name that another board has is left to that one, while it is there. */
  add(settings: BoardSettings, { fixed = false }: Pick<Plugged, "fixed"> = {}): void {
    if (this.#stopped) return;
    const number = ++this.#lastNumber;
    const board = new WatchedBoard(this.#withFreeName(settings), {
      ...this.#deps,
      claimId: (candidate, port) => this.#claimId(number, candidate, port),
    });
    this.#watched = [...this.#watched, { board, settings, fixed, number }];
    board.start();
  }

  /**
   * A port was plugged in. Where a board that is away had this port, or has this USB serial number, it is that one and
   * keeps its identity. Else it is a new board, where `attach` says that it may be one. Telling it twice does no harm. False:
   * the board it seems to be is not yet free of its old port; tell it again.
   */
  plugged(settings: BoardSettings, attach: boolean, plugged: Plugged = {}): boolean {
    const { port, serialNumber } = settings;
    this.#isThere = plugged.isThere;
    if (this.#renewed.has(port)) return false;
    const there = this.#at(port);
    const isIts = there && (there.settings.serialNumber ?? serialNumber) === serialNumber;
    if (there && isIts) {
      this.#back(there, settings, attach, plugged);
      return true;
    }
    const away = this.#awayBoard(serialNumber);
    if (away && !isFree(away)) return false;
    // Another device where the configuration names the path, not the device.
    if (there?.fixed && plugged.fixed) this.#end(there);
    if (away && (attach || (plugged.follow ?? true))) this.#back(away, settings, attach, plugged);
    else if (attach) this.add(settings, plugged);
    return true;
  }

  /** Ends the watch of the board at `port`, where there is one. */
  forget(port: string): void {
    const watched = this.#at(port);
    if (watched) this.#end(watched);
  }

  /** The device at `port` is no more: its board stays in the list, disconnected, and its port is never opened again. */
  ended(port: string, how: string): void {
    const watched = this.#at(port);
    if (!watched) return;
    this.#watched = this.#watched.map((other) => (other === watched ? { ...other, hasEnded: true } : other));
    this.#await(watched.board.ended(how));
  }

  list(): readonly BoardSnapshot[] {
    return this.#watched.map(({ board }) => board.snapshot());
  }

  /** By id, else by name, else by port: as a URL or a path. */
  find(idOrName: string): WatchedBoard | undefined {
    const boards = this.#watched.map(({ board }) => board);
    return (
      boards.find((board) => board.snapshot().id === idOrName) ??
      boards.find((board) => board.snapshot().name === idOrName) ??
      boards.find((board) => [idOrName, `serial:${idOrName}`].includes(board.snapshot().port))
    );
  }

  /** The board whose console is offered there; of several, the first that is not away. */
  atConsolePort(port: number): WatchedBoard | undefined {
    const behind = this.#watched.filter(({ settings }) => settings.consolePort === port);
    const there = behind.find(({ board }) => board.snapshot().state.kind !== "disconnected");
    return (there ?? behind[0])?.board;
  }

  /** Stops all of them, at the same time. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#watched.map(({ board }) => board.stop()), ...this.#ending]);
  }

  /** A known board is there again. Where an entry wants it watched otherwise, a new watch takes the old one's place. */
  #back(watched: Watched, settings: BoardSettings, attach: boolean, plugged: Plugged): void {
    const { fixed = false, claimed = true } = plugged;
    const isLent = watched.board.snapshot().state.kind === "released";
    if (!attach || !claimed || isLent || isSame(watched.settings, settings)) {
      watched.board.returned(settings.port);
      return;
    }
    this.#renewed.add(settings.port);
    const renewed = this.#end(watched).then(() => {
      this.#renewed.delete(settings.port);
      this.add(settings, { fixed });
    });
    this.#await(renewed);
  }

  #at(port: string): Watched | undefined {
    return this.#watched.find(({ board, hasEnded }) => !hasEnded && board.snapshot().port === port);
  }

  /** The board with that serial number, where its port is gone. */
  #awayBoard(serialNumber: string | null): Watched | undefined {
    if (serialNumber === null) return undefined;
    return this.#watched.find(({ board, settings }) => {
      if (settings.serialNumber !== serialNumber) return false;
      const { port } = board.snapshot();
      return this.#isThere ? !this.#isThere(port, serialNumber) : board.isAway(serialNumber);
    });
  }

  /** Forgets a board; its history stays. Resolves when its port is free. */
  #end(watched: Watched): Promise<void> {
    this.#watched = this.#watched.filter((other) => other !== watched);
    this.#release(watched.number);
    const ended = watched.board.stop();
    this.#await(ended);
    return ended;
  }

  #await(ended: Promise<void>): void {
    const settled = ended.catch(() => {}).then(() => void this.#ending.delete(settled));
    this.#ending.add(settled);
  }

  #withFreeName(settings: BoardSettings): BoardSettings {
    const { name, port } = settings;
    const owner = this.#watched.find(({ board }) => name !== null && board.snapshot().name === name);
    if (!owner) return settings;
    if (!owner.fixed && this.#isGone(owner)) {
      // Found by a wildcard, as this one: the name is for the board that is there.
      this.#end(owner);
      return settings;
    }
    const other = owner.board.snapshot().port;
    this.#deps.log.warn(
      { port, name },
      `${port} has the same name in the configuration as ${other}, which keeps it: "${name}". The board at ${port} goes by its id.`,
    );
    return { ...settings, name: null };
  }

  /**
   * Two boards that claim one identity stay apart: the second gets its port behind it. But a board without a serial number
   * that is found at a new port, while its old one is gone, is that one; unless the configuration names the old one.
   */
  #claimId(number: number, candidate: string, port: string): string {
    this.#release(number);
    const owner = this.#watched.find((watched) => watched.number === this.#ownerOfId.get(candidate));
    if (owner && !owner.fixed && this.#isGone(owner)) this.#end(owner);
    const id = this.#ownerOfId.has(candidate) ? `${candidate}@${port}` : candidate;
    this.#ownerOfId.set(id, number);
    return id;
  }

  /** Its port is not there, or belongs to another device by now. */
  #isGone({ board, settings }: Watched): boolean {
    return this.#isThere?.(board.snapshot().port, settings.serialNumber) === false;
  }

  #release(number: number): void {
    for (const [id, owner] of this.#ownerOfId) if (owner === number) this.#ownerOfId.delete(id);
  }
}

/** Whether a board's port is closed, so that it can move. */
function isFree({ board, settings }: Watched): boolean {
  const { kind } = board.snapshot().state;
  return kind === "released" || board.isAway(settings.serialNumber ?? "");
}

/** The same way of watching, at whatever port. */
function isSame(one: BoardSettings, other: BoardSettings): boolean {
  return JSON.stringify({ ...one, port: "" }) === JSON.stringify({ ...other, port: "" });
}
