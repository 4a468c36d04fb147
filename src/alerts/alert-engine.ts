import type { Alert } from "../heap/reading.ts";
import { type EndReason, endedText, firingText, resolvedText } from "./alert-text.ts";
import { type AlertInput, isPutAside, observation } from "./observation.ts";
import type { Rule } from "./rule.ts";
import { Tracker } from "./tracker.ts";

/** One instant by both clocks: wall time for stamps, monotonic for durations, so a clock that is set fires nothing. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export interface AlertEngineOptions {
  readonly rules: readonly Rule[];
  /** What fired when the daemon stopped. */
  readonly firing: readonly Alert[];
  /** The board's name for people; its id where it has none. */
  readonly nameOf: (boardId: string) => string;
}

type Orphan = readonly [alert: Alert, reason: EndReason];

interface BoardMemory {
  name: string;
  readonly trackers: ReadonlyMap<Rule, Tracker>;
  /** What was last said of its state, and why the last reading was missed: part of the messages of rules over these. */
  stateText: string;
  missedText: string;
}

/**
 * Decides when rules begin and cease to be met. It returns the changes and stores nothing: per board and rule they
 * alternate, firing first, also over a restart. Its memory is one small record per board and rule.
 */
export class AlertEngine {
  readonly #rules: readonly Rule[];
  readonly #nameOf: (boardId: string) => string;
  readonly #boards = new Map<string, BoardMemory>();
  readonly #orphans: readonly Orphan[];

  constructor({ rules, firing, nameOf }: AlertEngineOptions) {
    this.#rules = rules;
    this.#nameOf = nameOf;
    const { orphans, kept } = this.#sorted(firing);
    this.#orphans = orphans;
    for (const [boardId, alerts] of kept) this.#boards.set(boardId, this.#newMemory(boardId, alerts));
  }

  /** To be called once, first: ends what fired for a rule that is gone, changed, or no longer for its board. */
  start(now: Moment): readonly Alert[] {
    return this.#ends(this.#orphans, now);
  }

  /**
   * Goes on with what fired before the engine began and could not be told it: returns the ends of what fired for a rule that is gone,
   * as `start` does. What fires already, or has been seen not to, is left as it is seen.
   */
  adopt(firing: readonly Alert[], now: Moment): readonly Alert[] {
    const { orphans, kept } = this.#sorted(firing);
    for (const [boardId, alerts] of kept) {
      const memory = this.#boards.get(boardId) ?? this.#newMemory(boardId, new Map());
      this.#boards.set(boardId, memory);
      for (const [rule, alert] of alerts) {
        const tracker = memory.trackers.get(rule);
        if (tracker?.firing === null) tracker.fire(alert);
      }
    }
    return this.#ends(orphans, now);
  }

  /** The boards for which something is remembered. */
  get boardIds(): readonly string[] {
    return [...this.#boards.keys()];
  }

  /** The changes that `input` causes, in the order of the rules. */
  evaluate(input: AlertInput, now: Moment): readonly Alert[] {
    switch (input.type) {
      case "tick":
        return [...this.#boards].flatMap(([boardId, memory]) =>
          this.#step(boardId, memory, now, (rule, tracker) => {
            const isWaited = rule.condition.kind === "missed" || rule.condition.kind === "state";
            return { due: isWaited ? tracker.tick(now.monotonicMs) : null, value: null };
          }),
        );
      case "gone":
        return this.#forget(input.boardId, now);
      default:
        return this.#observe(input, now);
    }
  }

  #observe(input: Exclude<AlertInput, { readonly type: "tick" | "gone" }>, now: Moment): readonly Alert[] {
    const boardId = input.type === "missed" ? input.missed.boardId : input.boardId;
    const memory = this.#boards.get(boardId) ?? this.#newMemory(boardId, new Map());
    this.#boards.set(boardId, memory);
    if (input.type === "missed" && input.missed.cause !== "overlap") memory.missedText = input.missed.detail;
    if (input.type === "board-state") memory.stateText = input.message;
    const ending = this.#renamed(boardId, memory, now);
    const changes = this.#step(boardId, memory, now, (rule, tracker) => {
      if (isPutAside(rule, input)) tracker.startOver();
      const seen = observation(rule, input);
      if (seen === null) return { due: null, value: null };
      return { due: tracker.observe(seen.verdict, now.monotonicMs), value: seen.value };
    });
    return [...ending, ...changes];
  }

  #step(
    boardId: string,
    memory: BoardMemory,
    now: Moment,
    look: (
      rule: Rule,
      tracker: Tracker,
    ) => { readonly due: "fire" | "resolve" | null; readonly value: number | null },
  ): readonly Alert[] {
    const changes: Alert[] = [];
    for (const [rule, tracker] of memory.trackers) {
      if (!rule.appliesTo({ id: boardId, name: memory.name })) continue;
      const { due, value } = look(rule, tracker);
      const detail = rule.condition.kind === "state" ? memory.stateText : memory.missedText;
      const facts = { rule, board: memory.name, value, detail };
      const { firing } = tracker;
      if (due === "fire") {
        const at = new Date(now.wallMs).toISOString();
        const alert: Alert = {
          id: null,
          boardId,
          at,
          rule: rule.name,
          condition: rule.text,
          severity: rule.severity,
          state: "firing",
          since: at,
          value,
          message: firingText(facts),
        };
        tracker.fire(alert);
        changes.push(alert);
      } else if (due === "resolve" && firing !== null) {
        tracker.resolve();
        changes.push(ended(firing, now, value, resolvedText(facts, now.wallMs - Date.parse(firing.since))));
      }
    }
    return changes;
  }

  /** Ends what fires for a board under a name that its rules no longer select. */
  #renamed(boardId: string, memory: BoardMemory, now: Moment): readonly Alert[] {
    const name = this.#nameOf(boardId);
    if (name === memory.name) return [];
    memory.name = name;
    const changes: Alert[] = [];
    for (const [rule, tracker] of memory.trackers) {
      const { firing } = tracker;
      if (rule.appliesTo({ id: boardId, name })) continue;
      tracker.resolve();
      if (firing !== null) changes.push(ended(firing, now, null, endedText("not-for-board", firing, name)));
    }
    return changes;
  }

  #forget(boardId: string, now: Moment): readonly Alert[] {
    const memory = this.#boards.get(boardId);
    this.#boards.delete(boardId);
    return [...(memory?.trackers.values() ?? [])].flatMap(({ firing }) =>
      firing === null
        ? []
        : [ended(firing, now, null, endedText("board-gone", firing, memory?.name ?? boardId))],
    );
  }

  /** What fired, by whether its rule is still there, the same, and for its board. */
  #sorted(firing: readonly Alert[]): {
    readonly orphans: readonly Orphan[];
    readonly kept: ReadonlyMap<string, ReadonlyMap<Rule, Alert>>;
  } {
    const orphans: Orphan[] = [];
    const kept = new Map<string, Map<Rule, Alert>>();
    for (const alert of firing) {
      const rule = this.#rules.find(({ name }) => name === alert.rule);
      const board = { id: alert.boardId, name: this.#nameOf(alert.boardId) };
      if (rule === undefined) orphans.push([alert, "rule-removed"]);
      else if (rule.text !== alert.condition) orphans.push([alert, "rule-changed"]);
      else if (!rule.appliesTo(board)) orphans.push([alert, "not-for-board"]);
      else kept.set(alert.boardId, (kept.get(alert.boardId) ?? new Map<Rule, Alert>()).set(rule, alert));
    }
    return { orphans, kept };
  }

  #ends(orphans: readonly Orphan[], now: Moment): readonly Alert[] {
    return orphans.map(([alert, reason]) =>
      ended(alert, now, null, endedText(reason, alert, this.#nameOf(alert.boardId))),
    );
  }

  #newMemory(boardId: string, firing: ReadonlyMap<Rule, Alert>): BoardMemory {
    const trackers = this.#rules.map(
      (rule) => [rule, new Tracker(rule.condition, firing.get(rule) ?? null)] as const,
    );
    return { name: this.#nameOf(boardId), trackers: new Map(trackers), stateText: "", missedText: "" };
  }
}

function ended(alert: Alert, now: Moment, value: number | null, message: string): Alert {
  return { ...alert, id: null, at: new Date(now.wallMs).toISOString(), state: "resolved", value, message };
}
