import type { Logger } from "pino";
import { asHeapscopeError } from "../shared/errors.ts";
import type { AuditEntry, Store } from "../store/store-types.ts";

/** Entries that may wait for the history. Beyond that the log has them. */
const mostWaiting = 1000;

/**
 * Writes the audit, and keeps its entries in memory, in order, while the history cannot take them: they are written with the next
 * one, or when `flush` is called. One that is lost goes to the log, so that it is somewhere.
 */
export class AuditWriter {
  readonly #store: Pick<Store, "audit">;
  readonly #log: Logger;
  readonly #waiting: AuditEntry[] = [];

  constructor(store: Pick<Store, "audit">, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Entries that wait in memory. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Never throws. */
  audit(entry: AuditEntry): void {
    this.#waiting.push(entry);
    this.flush();
    if (this.#waiting.length > mostWaiting) this.#lose(this.#waiting.shift());
  }

  /** Writes what waits, as far as the history takes it. */
  flush(): void {
    try {
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        this.#store.audit(next);
        this.#waiting.shift();
      }
    } catch (error) {
      this.#log.debug({ code: asHeapscopeError(error).code }, "The audit waits for the history.");
    }
  }

  /** Tries once more; what is left goes to the log. */
  stop(): void {
    this.flush();
    for (const entry of this.#waiting.splice(0)) this.#lose(entry);
  }

  #lose(entry: AuditEntry | undefined): void {
    if (entry) this.#log.warn({ entry }, "An action could not be written into the audit.");
  }
}
