import { resolve } from "node:path";
import { keyOf, listOf, valueAt } from "./config-tree.ts";
import { expandHome } from "./expand-home.ts";

/** A problem and where it is: a JSON pointer. */
export interface AccessProblem {
  readonly pointer: string;
  readonly text: string;
}

/**
 * What the schema cannot see in the keys about access: names that can stand in no Host header, and a token file that is
 * the history. `broken`: pointers whose type is wrong, which are left alone.
 */
export function accessProblems(config: object, broken: ReadonlySet<string>): readonly AccessProblem[] {
  const problems: AccessProblem[] = [];
  for (const [index, host] of listOf(config, "allowedHosts").entries()) {
    const pointer = `/allowedHosts/${index}`;
    if (typeof host !== "string" || broken.has(pointer) || isHostName(host)) continue;
    const text = `"${keyOf(pointer)}" must be a host name or an IP address, without scheme, port, path or wildcard, not ${JSON.stringify(host)}.`;
    problems.push({ pointer, text });
  }
  const tokens = valueAt(config, "/tokens");
  const database = valueAt(config, "/database");
  if (typeof tokens !== "string" || typeof database !== "string" || broken.has("/tokens")) return problems;
  if (tokens === ":memory:") {
    const text = '"tokens" must be a file: "heapscope token" writes it, and the daemon reads it.';
    problems.push({ pointer: "/tokens", text });
  } else if (resolve(expandHome(tokens)) === resolve(expandHome(database))) {
    const text = `"tokens" and "database" are both ${tokens}. Give the tokens a file of their own.`;
    problems.push({ pointer: "/tokens", text });
  }
  return problems;
}

function isHostName(host: string): boolean {
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  if (!/^[\w.-]+$/.test(name) && !/^\[[0-9a-f:.]+\]$/i.test(name)) return false;
  return URL.canParse(`http://${name}`);
}
