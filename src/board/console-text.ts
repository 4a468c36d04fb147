/** Who had the board when it printed: nobody, heapscope while it stopped a program or left raw mode, or a person's console. */
export type ConsoleSource = "board" | "repl" | "console";

/** Escape sequences of terminals: CSI, OSC, and those of two characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with ESC.
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
/** All but the tab. */
const controls = /(?!\t)\p{Cc}/u;
const eachControl = /(?!\t)\p{Cc}/gu;
/** A prompt's backspace takes the character before it away. */
const backspaced = /[^\b][\b]/g;
const mostBackspaces = 100;

/**
 * A line as a person would have seen it, or nearly: without escape sequences and the raw REPL's own Ctrl-A and Ctrl-D; other
 * control characters but tab as the symbols that Unicode has for them.
 */
export function shownText(line: string): string {
  if (!controls.test(line)) return line.trimEnd();
  let text = line.replace(escapes, "");
  for (let count = 0; count < mostBackspaces && text.includes("\b"); count++) {
    const shorter = text.replace(backspaced, "");
    if (shorter === text) break;
    text = shorter;
  }
  return text.replace(eachControl, symbolOf).trimEnd();
}

function symbolOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x01 || code === 0x04) return "";
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
}

const onlyPrompts = /^(?:(?:>>>|\.\.\.|-->)\s*)+$/;
const leadingPrompts = /^(?:(?:>>>|-->) )+/;
const rawBanner = /^(?:--> )?raw REPL; CTRL-B to exit$/;
const helpLine = 'Type "help()" for more information.';
/** What MicroPython says where Ctrl-C stops a program, Ctrl-B leaves raw mode, or Ctrl-D restarts it. */
const saidWhenAsked =
  /^(?:MicroPython v.+; .+|Traceback \(most recent call last\):| {2}File ".*", line \d+.*|KeyboardInterrupt: ?|MPY(?:: soft reboot)?)$/;

/** Tells what an application printed from what the REPL says because of us, as far as the bytes show it. */
export class ReplWords {
  #afterBanner = false;

  /** What of a line is the application's, or a person's at a console; "" where nothing is. */
  without(line: string, source: ConsoleSource): string {
    // The raw prompt stands before whatever comes next.
    const text = this.#afterBanner && line.startsWith(">") && !line.startsWith(">>>") ? line.slice(1) : line;
    this.#afterBanner = rawBanner.test(text);
    if (this.#afterBanner || onlyPrompts.test(text) || text === helpLine) return "";
    if (source === "console") return text;
    if (source === "repl" && saidWhenAsked.test(text)) return "";
    // Nobody types there while we have the port.
    return text.startsWith(">>> ") || text.startsWith("--> ") ? text.replace(leadingPrompts, "") : text;
  }
}
