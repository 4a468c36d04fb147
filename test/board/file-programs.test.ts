import { expect, test } from "vitest";
import { fileFault } from "../../src/board/file-faults.ts";
import { bytesLiteral, weightedSum } from "../../src/board/file-programs.ts";

const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);

test("a bytes literal holds no control character and each byte once", () => {
  const literal = bytesLiteral(all);
  expect(literal).toMatch(/^b'[\x20-\x7e]*'$/);
  expect(literal).toContain("\\x03\\x04");
  expect(literal).toContain("%&\\'()");
  expect(literal).toContain("[\\\\]");
  const decoded = literal
    .slice(2, -1)
    .replace(/\\(x(..)|n|'|\\)/g, (_, what: string, hex: string) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : what === "n" ? "\n" : what,
    );
  expect(Buffer.from(decoded, "latin1")).toEqual(Buffer.from(all));
});

test("the checksum sees a changed byte, swapped ones and a lost one", () => {
  const sums = (bytes: Uint8Array) => [weightedSum(bytes, 251), weightedSum(bytes, 241)].join();
  const changed = Uint8Array.from(all, (byte, place) => (place === 99 ? byte ^ 1 : byte));
  const swapped = Uint8Array.from(all);
  [swapped[0], swapped[251]] = [all[251]!, all[0]!];
  expect(new Set([all, changed, swapped, all.subarray(0, 255)].map(sums)).size).toBe(4);
});

test.each([
  ["OSError: 28", "board-files-full"],
  ["OSError: [Errno 28] ENOSPC", "board-files-full"],
  ["OSError: [Errno 30] EROFS", "board-files-read-only"],
  ["OSError: 19", "board-files-missing"],
  ["OSError: [Errno 19] ENODEV", "board-files-missing"],
  ["OSError: 5", "board-raised"],
  ["MemoryError: memory allocation failed, allocating 300 bytes", "heap-exhausted"],
  ["SyntaxError: invalid syntax", "program-garbled"],
])("%s is told as %s", (last, code) => {
  const traceback = `Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\n${last}\r\n`;
  expect(fileFault("serial:/dev/fake0", traceback)).toMatchObject({ code });
});
