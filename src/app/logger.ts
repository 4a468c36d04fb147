import { type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { Config } from "./config-schema.ts";

/** The daemon's log on standard error: for people in a terminal, one JSON object per line elsewhere. */
export function createLogger(config: Config["log"]): Logger {
  const forPeople = config.format === "pretty" || (config.format === "auto" && process.stderr.isTTY);
  const destination = forPeople
    ? pretty({
        destination: 2,
        colorize: process.stderr.isTTY,
        // The sentences name board and state; the fields are for programs.
        ignore: "pid,hostname,part,board,state",
        singleLine: true,
        sync: true,
      })
    : pino.destination({ dest: 2, sync: true });
  return pino({ level: config.level, base: null }, destination);
}
