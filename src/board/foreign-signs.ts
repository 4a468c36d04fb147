/** What other devices say, and what they are then. Only what a MicroPython application hardly ever prints. */
const signs: readonly { readonly sign: RegExp; readonly device: string }[] = [
  // NMEA 0183: talker, sentence, fields, checksum. An application may print its receiver's sentences, too.
  {
    sign: /\$(G[ABILNPQ]|BD)(GGA|GLL|GSA|GSV|RMC|VTG|TXT|ZDA),[^\r\n]*\*[0-9A-F]{2}\r?\n/,
    device: "a GPS receiver (NMEA 0183)",
  },
  // ITU-T V.250: an answer is CR LF, text, CR LF.
  {
    sign: /(^|\r\n)(ERROR|NO CARRIER|RING|\+CM[ES] ERROR: [^\r\n]*)\r\n/,
    device: "a modem (AT commands)",
  },
  // Marlin, Prusa, Klipper: "echo:" lines and "ok" as their answer to anything.
  {
    sign: /(^|\n)(echo: ?Unknown command|Error: ?(Unknown|checksum|Line Number)|Marlin \d|ok( [A-Z@/.:\d-]+)*\r?\n)/,
    device: "a 3D printer (G-code)",
  },
  { sign: /(^|\n)(Grbl \d|error:\d+\r?\n)/, device: "a CNC controller (Grbl)" },
  {
    sign: /(^|\n)[^\r\n]{0,60}(login: ?|[Pp]assword: ?)$|(^|\n)\S+@\S+[:\]][^\r\n]*[#$] $/,
    device: "a Unix console",
  },
];

/** What the device that said `text` looks like, as in "a modem (AT commands)"; null where nothing tells. */
export function foreignDevice(text: string): string | null {
  return signs.find(({ sign }) => sign.test(text))?.device ?? null;
}

/** Too little to say anything. */
const FEWEST_BYTES = 3;
const NOISE_SHARE = 0.3;

/**
 * Whether `bytes` are what a UART makes of another baud rate: a good part is neither text nor control characters that
 * terminals know, and it is no UTF-8.
 */
export function isLineNoise(bytes: Uint8Array): boolean {
  if (bytes.length < FEWEST_BYTES) return false;
  const odd = bytes.filter((byte) => byte > 0x7e || (byte < 0x20 && !isTerminalControl(byte))).length;
  return odd / bytes.length > NOISE_SHARE && !isUtf8(bytes);
}

/** The REPL's own control bytes, backspace, tab, line ends and escape. */
function isTerminalControl(byte: number): boolean {
  return (byte >= 1 && byte <= 10) || byte === 13 || byte === 27;
}

/** An excerpt may begin in the middle of a character: up to three of its bytes are let off. */
function isUtf8(bytes: Uint8Array): boolean {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  if (start < 0 || start > 3 || bytes.includes(0)) return false;
  try {
    decoder.decode(bytes.subarray(start), { stream: true });
    return true;
  } catch {
    return false;
  }
}
