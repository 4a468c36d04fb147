import { type BlockWords, blockWords } from "../../shared/block-words.ts";
import type { Paint } from "./canvas.ts";

/** How an object's head letter is named and coloured. */
export interface BlockType extends BlockWords {
  /** Of the 256-colour table. */
  readonly color: number;
}

/** After Okabe and Ito, "Color Universal Design" (2008), which people with any colour vision tell apart. */
const colors: Readonly<Record<string, number>> = {
  h: 247,
  S: 36,
  A: 214,
  L: 221,
  D: 74,
  T: 166,
  B: 175,
  M: 25,
  F: 255,
  m: 132,
  q: 100,
  Q: 58,
};
const unknownColor = 139;

export const freeColor = 240;

/** What a head letter stands for. */
export function blockType(letter: string): BlockType {
  return { ...blockWords(letter), color: colors[letter] ?? unknownColor };
}

/** An object's block, its letter readable on it. */
export function blockPaint(letter: string): Paint {
  const background = blockType(letter).color;
  return { background, foreground: [25, 58, 100].includes(background) ? 231 : 16 };
}
