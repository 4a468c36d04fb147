import { expect, test } from "vitest";
import { heapPlaceOf } from "../../../src/app/what-if/find-heap.ts";

type Kind = "file" | "pipe" | "device" | "folder";
const stat = (kind: Kind) => ({
  isFile: () => kind === "file",
  isFIFO: () => kind === "pipe",
  isCharacterDevice: () => kind === "device",
});

test.each<[word: string, kind: Kind | undefined, place: string]>([
  ["-", undefined, "dump"],
  ["capture.txt", "file", "dump"],
  ["/dev/fd/63", "pipe", "dump"],
  ["/dev/stdin", "pipe", "dump"],
  ["logs/missing.txt", undefined, "dump"],
  ["serial:/dev/ttyACM0", undefined, "port"],
  ["tcp://10.0.0.5:8880", undefined, "port"],
  ["/dev/ttyACM0", "device", "port"],
  ["/dev/ttyACM9", undefined, "port"],
  ["./board-link", "device", "port"],
  ["greenhouse", undefined, "board"],
  ["28919c3344a00833", undefined, "board"],
  ["src", "folder", "board"],
  ["some/folder", "folder", "dump"],
])("%s (%s) is a %s", (word, kind, place) => {
  expect(heapPlaceOf(word, kind && stat(kind))).toBe(place);
});
