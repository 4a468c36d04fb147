import type { CheckName, SoakCheck } from "./soak-verdict.ts";

export interface JunitSuite {
  /** Such as "heapscope soak: main.py". */
  readonly name: string;
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly checks: readonly SoakCheck[];
  /** For people: what to look at. */
  readonly notes: readonly string[];
}

const titles: Readonly<Record<CheckName, string>> = {
  application: "the application raises no error",
  growth: "live memory does not grow",
  "largest-free": "the largest free run is long enough",
  restarts: "the board does not restart",
  "missed-readings": "no reading is missed",
  "baseline-live": "live memory is as in the baseline",
  "baseline-largest-free": "the largest free run is as in the baseline",
};

/**
 * A run as JUnit XML, one test case per check: a failed one has `failure`, one that could not be measured `error`, both with the
 * check's sentence. As Jenkins, GitLab and GitHub's actions read it (testsuites, testsuite, testcase).
 */
export function junitXml({ name, startedAt, seconds, checks, notes }: JunitSuite): string {
  const count = (state: SoakCheck["state"]): number => checks.filter((check) => check.state === state).length;
  const numbers = `tests="${checks.length}" failures="${count("failed")}" errors="${count("unknown")}" time="${seconds.toFixed(3)}"`;
  const cases = checks.map(({ name: check, state, sentence }) => {
    const open = `    <testcase classname="heapscope.soak" name="${escaped(titles[check])}" time="0"`;
    const said = escaped(sentence);
    if (state === "passed") return `${open}>\n      <system-out>${said}</system-out>\n    </testcase>`;
    const element = state === "failed" ? "failure" : "error";
    const type = state === "failed" ? check : "unmeasured";
    return `${open}>\n      <${element} type="${type}" message="${said}">${said}</${element}>\n    </testcase>`;
  });
  const out = notes.length === 0 ? [] : [`    <system-out>${escaped(notes.join("\n"))}</system-out>`];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${numbers}>`,
    `  <testsuite name="${escaped(name)}" timestamp="${startedAt}" skipped="0" ${numbers}>`,
    ...cases,
    ...out,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** For text and attributes of XML 1.0; what it cannot hold becomes U+FFFD (production 2, Char). */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"'\n\r\t]/g, (char) => entities[char] ?? char);
}
