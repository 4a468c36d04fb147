import { latin1Text } from "../shared/bytes.ts";
import { CTRL_A, CTRL_C, CTRL_D } from "./bytes.ts";

const BANNER = "raw REPL; CTRL-B to exit";
/**
 * Boards end the banner with CRLF, some ports with LF. aiorepl shows its own prompt before it, in answer to the `\r`
 * of `ENTER_RAW`. The longer ones come first: of two that end together the first counts.
 */
export const RAW_PROMPTS = {
  aiorepl: `--> ${BANNER}\r\n>`,
  aioreplLf: `--> ${BANNER}\n>`,
  raw: `${BANNER}\r\n>`,
  rawLf: `${BANNER}\n>`,
};
/** The gentlest question there is: ends a line nobody types, then asks for raw mode. */
export const ENTER_RAW = Uint8Array.of(0x0d, CTRL_A);
/** Stops a running program, where the board's policy allows that. */
export const INTERRUPT = Uint8Array.of(CTRL_C);
/** `#` and end of program, see the first footnote in raw-repl.ts. */
export const END_PROGRAM = Uint8Array.of(0x23, CTRL_D);
/** The prompts of the REPL and of micropython-lib's aiorepl. */
export const FRIENDLY_PROMPTS = { repl: ">>> ", aiorepl: "--> " };
/** At a raw prompt a boot banner means a restart. */
export const BOOT_SIGNS = { soft: "MPY: soft reboot", hard: '\r\nType "help()" for more information.' };
/** What is worth noticing while nothing was asked: a prompt, or a restart (the second is an ESP's boot loader). */
export const IDLE_SIGNS = {
  ...RAW_PROMPTS,
  prompt: "\r\n>>> ",
  softReboot: BOOT_SIGNS.soft,
  bootLoader: "\r\nrst:0x",
};
/** What the friendly paste mode makes of the `\r` of `ENTER_RAW`. */
export const PASTE_LINE = "\r\n=== ";
/** What the friendly prompt makes of `\x05`. */
export const PASTE_MODE = "paste mode; Ctrl-C to cancel";

/**
 * The prompt (`sys.ps1`) in what a board said up to its raw banner: the line before it. Null where the board was in raw
 * mode already and showed none.
 */
export function promptBefore(saw: Uint8Array): string | null {
  return /\r\n([^\r\n]{1,40})\r\nraw REPL; CTRL-B to exit\r?\n>$/.exec(latin1Text(saw))?.[1] ?? null;
}

/** Whether what a board said ends in the friendly prompt. */
export function endsInPrompt(saw: Uint8Array): boolean {
  return latin1Text(saw.subarray(-FRIENDLY_PROMPTS.repl.length)) === FRIENDLY_PROMPTS.repl;
}
