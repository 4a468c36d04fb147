import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { outputTo } from "../../src/cli/standard-output.ts";

function failing(code: string, when: "now" | "later"): Writable {
  const error = Object.assign(new Error(`${code}: write`), { code });
  if (when === "later") return new Writable({ write: (_chunk, _encoding, done) => done(error) });
  const stream = new PassThrough();
  stream.write = () => {
    throw error;
  };
  return stream;
}

async function end(stream: Writable): Promise<{ notes: string; codes: (number | undefined)[] }> {
  let notes = "";
  const codes: (number | undefined)[] = [];
  const note = (text: string): void => {
    notes += text;
  };
  const out = outputTo(stream, { note, exit: (code) => codes.push(code) });
  out("one\n");
  out("two\n");
  await new Promise((resolve) => setImmediate(resolve));
  out("three\n");
  return { notes, codes };
}

test("a reader that went away ends the command without a word", async () => {
  for (const when of ["now", "later"] as const)
    expect(await end(failing("EPIPE", when))).toEqual({ notes: "", codes: [undefined] });
});

test.each([
  ["ENOSPC", "the disk is full"],
  ["EIO", "the device reports an error (EIO)"],
  ["EWEIRD", "EWEIRD"],
])("%s is one sentence and code 1", async (code, reason) => {
  const notes = `heapscope: Standard output cannot be written: ${reason}. What was written so far is not complete.\n`;
  for (const when of ["now", "later"] as const)
    expect(await end(failing(code, when))).toEqual({ notes, codes: [1] });
});
