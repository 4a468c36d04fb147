import { isUtf8 } from "node:buffer";
import type { Problem } from "../finding.ts";
import type { Application, ApplicationSource } from "./application.ts";

/** What is wrong with the bytes of a source. MicroPython takes such as they are, but changed copies would damage them. */
export function encodingProblem({ files }: Application, { name, path }: ApplicationSource): Problem | null {
  const bytes = files.find((file) => file.path === path)?.bytes ?? new Uint8Array();
  const problem = (line: number, text: string): Problem => ({ file: name, line, text });
  if (Buffer.from(bytes).indexOf(byteOrderMark) === 0)
    return problem(
      1,
      "It begins with a byte order mark, which MicroPython takes for the beginning of a name. Save it as UTF-8 without one; it is not measured.",
    );
  if (isUtf8(bytes)) return null;
  const lines = splitLines(bytes);
  return problem(
    lines.findIndex((line) => !isUtf8(line)) + 1,
    "It is not UTF-8, which MicroPython source is: characters such as ä would come out wrong. Save it as UTF-8; it is not measured.",
  );
}

const byteOrderMark = Buffer.from("\uFEFF");

function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let from = 0, to = 0; from <= bytes.length; from = to + 1) {
    const end = bytes.indexOf(0x0a, from);
    to = end === -1 ? bytes.length : end;
    lines.push(bytes.subarray(from, to));
  }
  return lines;
}
