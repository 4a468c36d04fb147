import { freeCell, tailBit } from "./map-cells.ts";

/** Red, green, blue. */
export type Rgb = readonly [number, number, number];

/**
 * After Okabe and Ito, "Color Universal Design" (2008), whose colours people with any colour vision tell apart; as in the
 * terminal. Yellow is darker on white.
 */
const colors: Readonly<Record<string, { readonly light: string; readonly dark: string }>> = {
  h: { light: "#8d98a3", dark: "#8b97a3" },
  S: { light: "#009e73", dark: "#12a67d" },
  A: { light: "#e69f00", dark: "#e69f00" },
  L: { light: "#d6c500", dark: "#f0e442" },
  D: { light: "#56b4e9", dark: "#56b4e9" },
  T: { light: "#d55e00", dark: "#e0681a" },
  B: { light: "#cc79a7", dark: "#d68db6" },
  M: { light: "#0072b2", dark: "#2b8fd0" },
  F: { light: "#1b2733", dark: "#f4f7fa" },
  m: { light: "#7b3f61", dark: "#a5577f" },
  q: { light: "#6b7a1e", dark: "#93a53a" },
  Q: { light: "#4d4a12", dark: "#75702a" },
};
const unknownColor = { light: "#8a5fb0", dark: "#a884cc" };
const freeColor = { light: "#e8ecf0", dark: "#0c1217" };
/** Free blocks where they are what one looks for. */
const freeLoud = { light: "#0b5d98", dark: "#6cb8ee" };
/** What cells are strengthened and weakened with. */
const inks = { light: "#16202a", dark: "#ffffff" };

/** The colour of a type's objects as `#rrggbb`; `.` is free. */
export function typeColor(letter: string, isDark: boolean): string {
  const pair = letter === "." ? freeColor : (colors[letter] ?? unknownColor);
  return isDark ? pair.dark : pair.light;
}

/** What is to stand out: the cells of one letter, or free ones (`.`) in a loud colour; null: nothing. */
export type Emphasis = string | null;

/**
 * Per kind of cell its pixel, as a Uint32Array over ImageData holds it. A head is stronger than its tails, so that one sees where
 * objects begin. `isMuted`: all as background to something else.
 */
export function kindPixels(isDark: boolean, emphasis: Emphasis, isMuted = false): Uint32Array {
  const pixels = new Uint32Array(256);
  const free = rgbOf(typeColor(".", isDark));
  const ink = rgbOf(isDark ? inks.dark : inks.light);
  for (let kind = 1; kind < tailBit; kind++) {
    const letter = String.fromCharCode(kind);
    const isQuiet = isMuted || (emphasis !== null && emphasis !== letter);
    const own = rgbOf(typeColor(isMuted ? "h" : letter, isDark));
    const shown = isQuiet ? mixed(own, free, isMuted ? 0.62 : 0.8) : own;
    pixels[kind] = pixelOf(mixed(shown, ink, isQuiet ? 0.06 : 0.16));
    pixels[kind | tailBit] = pixelOf(mixed(shown, free, isQuiet ? 0.1 : 0.22));
  }
  const loud = rgbOf(isDark ? freeLoud.dark : freeLoud.light);
  pixels[freeCell] = pixelOf(emphasis === "." ? loud : free);
  return pixels;
}

/** Of `#abc` or `#aabbcc`, as our style sheets have colours (their minifier shortens them); anything else is black. */
export function rgbOf(color: string): Rgb {
  const digits = /^#[0-9a-f]{3}$/i.test(color) ? color.slice(1).replace(/./g, "$&$&") : color.slice(1);
  const value = /^[0-9a-f]{6}$/i.test(digits) ? Number.parseInt(digits, 16) : 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Little-endian, as every browser's machine is: alpha, blue, green, red. */
export function pixelOf([red, green, blue]: Rgb, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  const part = (at: 0 | 1 | 2): number => Math.round(one[at] + (other[at] - one[at]) * share);
  return [part(0), part(1), part(2)];
}
