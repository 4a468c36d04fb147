import { describe, expect, test } from "vitest";
import { createLineInput, type LineStep } from "../../src/emulator/line-input.ts";

/** Types `text`; what was echoed, and how the line ended ("more": it did not). */
function typed(text: string): { readonly echo: string; readonly end: string } {
  const type = createLineInput();
  let echo = "";
  let step: LineStep = { kind: "more", echo: "" };
  for (const byte of Buffer.from(text, "latin1")) {
    expect(step.kind, "the line had ended").toBe("more");
    step = type(byte);
    if (step.kind === "more") echo += step.echo;
  }
  if (step.kind === "line") return { echo, end: `line ${step.text}` };
  return { echo, end: step.kind === "control" ? `control ${step.byte}` : "more" };
}

describe("a line", () => {
  test("echoes what is typed and ends at CR alone", () => {
    expect(typed("name\r")).toEqual({ echo: "name", end: "line name" });
    expect(typed("\r")).toEqual({ echo: "", end: "line " });
    expect(typed("a\nb\tc\xf6\r")).toEqual({ echo: "abc", end: "line abc" });
  });

  test("takes back the last character, but no more than there is", () => {
    expect(typed("ab\x7f\x08\x7fc\r")).toEqual({ echo: "ab\b\x1b[K\b\x1b[Kc", end: "line c" });
  });

  test("leaves out keys that are escape sequences", () => {
    expect(typed("a\x1b[A\x1bOB\x1b[1;5Cb\r")).toEqual({ echo: "ab", end: "line ab" });
  });

  test("is ended at once by Ctrl-A to Ctrl-E while it is empty, by Ctrl-C always", () => {
    for (const byte of [1, 2, 3, 4, 5]) {
      expect(typed(String.fromCharCode(byte))).toEqual({ echo: "", end: `control ${byte}` });
    }
    expect(typed("x\x01\x02\x04\x05y\r")).toEqual({ echo: "xy", end: "line xy" });
    expect(typed("x\x03")).toEqual({ echo: "x", end: "control 3" });
  });
});
