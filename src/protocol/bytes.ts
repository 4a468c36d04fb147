/** The control bytes of MicroPython's REPL (shared/runtime/pyexec.c in MicroPython's sources). */

/** At the friendly prompt: enter raw mode. In raw mode: print the banner again, forget the line. */
export const CTRL_A = 0x01;
/** In raw mode: back to the friendly prompt. */
export const CTRL_B = 0x02;
/** Interrupts the running program; at a prompt, forgets the line. */
export const CTRL_C = 0x03;
/** In raw mode: run what was sent, or soft reset when nothing was. Also ends each part of an answer. */
export const CTRL_D = 0x04;
/** First byte of `\x05A\x01`, the offer to use raw-paste. */
export const CTRL_E = 0x05;
