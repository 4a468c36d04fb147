import { CTRL_A, CTRL_D } from "./bytes.ts";

const BANNER = "raw REPL; CTRL-B to exit";
/** Boards end the banner with CRLF, aiorepl with LF. */
export const RAW_PROMPTS = { raw: `${BANNER}\r\n>`, rawAio: `${BANNER}\n>` };
/** The gentlest question there is: ends a line nobody types, then asks for raw mode. */
export const ENTER_RAW = Uint8Array.of(0x0d, CTRL_A);
/** `#` and end of program, see the first footnote in raw-repl.ts. */
export const END_PROGRAM = Uint8Array.of(0x23, CTRL_D);
export const FRIENDLY_PROMPT = ">>> ";
export const BOOT_SIGNS = { soft: "MPY: soft reboot", hard: '\r\nType "help()" for more information.' };
/** What the friendly prompt makes of `\x05`. */
export const PASTE_MODE = "paste mode; Ctrl-C to cancel";
