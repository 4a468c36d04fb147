import { statSync } from "node:fs";
import type { Logger } from "pino";
import { isExpired, type TokenRecord } from "../api/access.ts";
import type { LastError } from "../api/api-deps.ts";
import type { Clock } from "../shared/clock.ts";
import { asHeapscopeError, type HeapscopeError } from "../shared/errors.ts";
import { readTokenFile } from "./token-file.ts";

const LOOK_MS = 1_000;

/**
 * The tokens of a running daemon: those of the file as it is now. It is looked at when somebody asks, at most once a
 * second, and read when it is another one. One that cannot be used keeps the tokens of the last good one in force.
 */
export class TokenWatch {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #tokens: readonly TokenRecord[] = [];
  #lookedMs = Number.NEGATIVE_INFINITY;
  #fingerprint = "";
  #lastError: LastError | null = null;

  constructor(file: string, clock: Clock, log: Logger) {
    this.#file = file;
    this.#clock = clock;
    this.#log = log;
  }

  /** Why the file cannot be used; null: it can. */
  get lastError(): LastError | null {
    return this.#lastError;
  }

  /** All there are, expired ones too. */
  readonly tokens = (): readonly TokenRecord[] => {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lookedMs < LOOK_MS) return this.#tokens;
    this.#lookedMs = nowMs;
    const fingerprint = fingerprintOf(this.#file);
    if (fingerprint === this.#fingerprint) return this.#tokens;
    this.#fingerprint = fingerprint;
    this.#read();
    return this.#tokens;
  };

  /** How many would let somebody in now. */
  get validCount(): number {
    const nowMs = this.#clock.nowMs();
    return this.tokens().filter((token) => !isExpired(token, nowMs)).length;
  }

  #read(): void {
    try {
      const { tokens, concern } = readTokenFile(this.#file);
      if (concern !== null) this.#log.warn({ file: this.#file }, `Token file ${this.#file}: ${concern}.`);
      this.#tokens = tokens;
      this.#lastError = null;
    } catch (error) {
      this.#note(asHeapscopeError(error));
    }
  }

  #note({ code, message }: HeapscopeError): void {
    this.#log.error({ code }, `${message} The tokens known before stay in force.`);
    this.#lastError = { at: new Date(this.#clock.nowMs()).toISOString(), code, message };
  }
}

/** Changes with the file; "" never stands for one that was read. */
function fingerprintOf(file: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(file);
    return [ino, size, mtimeMs, ctimeMs].join(" ");
  } catch (error) {
    return error instanceof Error ? error.message : "gone";
  }
}
