import type { Logger } from "pino";
import type { Clock } from "../shared/clock.ts";
import type { HeapscopeError } from "../shared/errors.ts";
import type { Store } from "../store/store-types.ts";
import type { Dialect } from "./console-relay.ts";

/** Who came to a board's console. */
export interface ConsoleVisit {
  /** As the visitor or the configuration named it; null: nobody did. */
  readonly board: string | null;
  /** `unix`, or `tcp` and the address. */
  readonly address: string;
}

/** Writes down that a console was opened, or why it was not. Never throws. */
export type ConsoleAudit = (visit: ConsoleVisit, refusal: HeapscopeError | null) => void;

/** The audit of consoles in `store`: a console is control, whichever way it comes. */
export function consoleAudit(store: Pick<Store, "audit">, clock: Clock, log: Logger): ConsoleAudit {
  return ({ board, address }, refusal) => {
    const at = new Date(clock.nowMs()).toISOString();
    const outcome = { status: refusal?.status ?? 200, code: refusal?.code ?? null };
    const entry = { at, action: "console", board, token: null, address, ...outcome };
    try {
      store.audit(entry);
    } catch (error) {
      log.warn({ error: String(error), entry }, "A console could not be written into the audit.");
    }
  };
}

/** `dialect`, which calls `onOpen` when the console has been opened. */
export function auditedDialect(dialect: Dialect, onOpen: () => void): Dialect {
  return {
    ...dialect,
    greeting: (console) => {
      onOpen();
      return dialect.greeting(console);
    },
  };
}
