import type { Logger } from "pino";
import type { Reading, ReadingPhase } from "../heap/reading.ts";
import type { Clock } from "../shared/clock.ts";
import type { ErrorCode } from "../shared/errors.ts";
import type { ModulesSeen } from "../shared/module-facts.ts";
import type { BoardSink } from "./board-sink.ts";
import type { BoardCounts, BoardFacts, BoardSnapshot, BoardState, BoardStateKind } from "./board-status.ts";
import { Restarts } from "./restarts.ts";
import { restartsMessage } from "./state-messages.ts";

/** What is known of a board before it is asked. */
export interface BoardIdentity {
  /** URL, see transport/port-url. */
  readonly port: string;
  /** For people; null = the id. */
  readonly name: string | null;
  /** USB serial number, where the port has one. */
  readonly serialNumber: string | null;
  readonly emulated: boolean;
}

export interface BoardRecordDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly sink: BoardSink;
  /** Makes an identity unique among the boards of this daemon. */
  readonly claimId: (candidate: string, port: string) => string;
}

/** Nothing to worry about. */
const calm: ReadonlySet<BoardStateKind> = new Set<BoardStateKind>([
  "ready",
  "aiorepl",
  "helper",
  "connecting",
  "released",
  "console",
]);

/** What heapscope knows of one board now, and the one place that tells others of a change. */
export class BoardRecord {
  #identity: BoardIdentity;
  readonly #deps: BoardRecordDeps;
  #id: string;
  #facts: BoardFacts | null = null;
  #state: BoardState;
  #doing: BoardStateKind = "connecting";
  #text = "";
  readonly #restarts = new Restarts();
  #counts: BoardCounts = {
    readings: 0,
    maps: 0,
    collections: 0,
    missed: 0,
    overlapped: 0,
    discarded: 0,
    restarts: 0,
  };
  #probeGarbageBytes: number | null = null;
  #modulesSeen: ModulesSeen | null = null;
  #lastReading: Reading | null = null;
  readonly #readIntervalMs: number;
  #reportIntervalMs: number | null = null;

  constructor(identity: BoardIdentity, deps: BoardRecordDeps, readIntervalMs: number) {
    this.#readIntervalMs = readIntervalMs;
    this.#identity = identity;
    this.#deps = deps;
    this.#id = this.#claim(null);
    this.#state = { kind: "connecting", since: this.now(), message: `Opening ${identity.port}.` };
    this.#text = this.#state.message;
  }

  get id(): string {
    return this.#id;
  }

  get state(): BoardState {
    return this.#state;
  }

  /** URL it is opened by now. */
  get port(): string {
    return this.#identity.port;
  }

  get serialNumber(): string | null {
    return this.#identity.serialNumber;
  }

  /** What it would be without `rebooting`, which is said of a board on top of that. */
  get doing(): BoardStateKind {
    return this.#doing;
  }

  /** Its last exchanges failed, or it has not been asked yet. */
  get isNotAnswering(): boolean {
    return this.#doing !== "ready" && this.#doing !== "aiorepl";
  }

  get wasIdentified(): boolean {
    return this.#facts !== null;
  }

  /** What it had loaded when that was last asked; null: it was not. */
  get modulesSeen(): ModulesSeen | null {
    return this.#modulesSeen;
  }

  /** UTC, ISO 8601. */
  now(): string {
    return new Date(this.#deps.clock.nowMs()).toISOString();
  }

  snapshot(): BoardSnapshot {
    return {
      id: this.#id,
      name: this.#identity.name ?? this.#id,
      port: this.#identity.port,
      emulated: this.#identity.emulated,
      state: this.#state,
      facts: this.#facts,
      counts: this.#counts,
      probeGarbageBytes: this.#probeGarbageBytes,
      readIntervalMs: this.#reportIntervalMs ?? this.#readIntervalMs,
      lastReading: this.#lastReading,
    };
  }

  /** The board has said what it is: from now on it goes by its own id. */
  identified(facts: BoardFacts): void {
    this.#facts = facts;
    this.#id = this.#claim(facts.uniqueId);
  }

  /** The board came back at another port. */
  movedTo(port: string): void {
    this.#identity = { ...this.#identity, port };
  }

  measuredGarbage(bytes: number | null): void {
    this.#probeGarbageBytes = bytes;
  }

  /** How often its helper reports, ms; null: none does. */
  reportsEvery(intervalMs: number | null): void {
    this.#reportIntervalMs = intervalMs;
  }

  noteReading(reading: Reading): void {
    this.#lastReading = reading;
    this.#count("readings");
    if (reading.map) this.#count("maps");
  }

  noteModules(seen: ModulesSeen): void {
    this.#modulesSeen = seen;
  }

  noteCollection(): void {
    this.#count("collections");
  }

  noteDiscarded(code: ErrorCode, message: string): void {
    this.#count("discarded");
    this.#deps.log.warn({ board: this.#id, code }, message);
  }

  /** The board restarted without being asked to. */
  noteRestart(nowMs: number): void {
    this.#restarts.note(nowMs);
    this.#counts = { ...this.#counts, restarts: this.#restarts.total };
    this.setState(this.#doing, this.#text);
  }

  /** A reading was due and did not come. */
  miss(phase: ReadingPhase, cause: ErrorCode | "overlap", detail: string): void {
    this.#count("missed");
    if (cause === "overlap") this.#count("overlapped");
    this.#deps.sink.acceptMissed({ id: null, boardId: this.#id, at: this.now(), phase, cause, detail });
  }

  /** One log line and one event per change, however often the same thing is found again. */
  setState(doing: BoardStateKind, text: string): void {
    this.#doing = doing;
    this.#text = text;
    const isOurs = doing === "released" || doing === "console";
    const loops = !isOurs && this.#restarts.isLoop(this.#deps.clock.monotonicMs());
    const kind = loops ? "rebooting" : doing;
    const message = loops ? restartsMessage(this.#restarts.total, text) : text;
    if (this.#state.kind === kind) {
      this.#state = { ...this.#state, message };
      return;
    }
    this.#state = { kind, since: this.now(), message };
    const name = this.#identity.name ?? this.#id;
    const level = calm.has(kind) ? "info" : "warn";
    this.#deps.log[level]({ board: this.#id, state: kind }, `${name} is ${kind}. ${message}`);
    this.#deps.sink.acceptBoard(this.snapshot());
  }

  /** It does not come back: told anew even where it was away already, and of a board that kept restarting, too. */
  ended(text: string): void {
    this.#doing = "disconnected";
    this.#text = text;
    const since = this.#state.kind === "disconnected" ? this.#state.since : this.now();
    this.#state = { kind: "disconnected", since, message: text };
    this.#deps.log.warn(
      { board: this.#id, state: "disconnected" },
      `${this.snapshot().name} has ended. ${text}`,
    );
    this.#deps.sink.acceptBoard(this.snapshot());
  }

  /** USB serial number, else unique_id, else the port (DESIGN, decision 5). */
  #claim(uniqueId: string | null): string {
    const { serialNumber, port } = this.#identity;
    return this.#deps.claimId(serialNumber ?? uniqueId ?? port.replace(/^serial:/, ""), port);
  }

  #count(what: keyof BoardCounts): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + 1 };
  }
}
