import { bytesOf, concatBytes, latin1Text } from "../shared/bytes.ts";
import type { Dialect, Heard } from "./console-relay.ts";
import { ComPortServer, escapeIac, IAC } from "./console-rfc2217.ts";

/** How a client of a TCP port speaks, as its first bytes tell. */
type Manner = "raw" | "rfc2217" | "browser" | "unknown";

const noBytes = new Uint8Array(0);
const fetchMethods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"].map(
  (method) => `${method} /`,
);
/** First bytes of STUN (a page's WebRTC) and of TLS. A 0x03 follows, which at a board is Ctrl-C. */
const binaryHellos: ReadonlySet<number> = new Set([0x00, 0x16]);

/**
 * Which manner `first` tells, all that a client has sent so far. Any page in a browser on this machine can send bytes to a
 * port on 127.0.0.1, with Python in them, so what a browser sends first is no start of a console.
 */
export function mannerOf(first: Uint8Array): Manner {
  const byte = first[0];
  if (byte === undefined) return "unknown";
  if (byte === IAC) return "rfc2217";
  if (binaryHellos.has(byte)) return "browser";
  const text = latin1Text(first.subarray(0, 16));
  if (fetchMethods.some((start) => text.startsWith(start))) return "browser";
  return fetchMethods.some((start) => start.startsWith(text)) ? "unknown" : "raw";
}

const notForPages = [
  "HTTP/1.1 403 Forbidden",
  "Content-Type: text/plain; charset=utf-8",
  "Connection: close",
  "",
  "This is the console of a board, for mpremote and terminals. It does not speak HTTP.\n",
].join("\r\n");

/** The client of a TCP door: bytes as they are, or RFC 2217, which mpremote speaks. Browsers are turned away. */
export function visitorDialect(): Dialect {
  const comPort = new ComPortServer();
  let manner: Manner = "unknown";
  let first: Uint8Array = noBytes;

  const hear = (bytes: Uint8Array): Heard => {
    if (manner === "rfc2217") {
      const { data, answer } = comPort.hear(bytes);
      return { forBoard: data, answer, unwelcome: null };
    }
    return { forBoard: bytes, answer: noBytes, unwelcome: null };
  };

  return {
    greeting: () => noBytes,
    hear: (bytes) => {
      if (manner === "raw" || manner === "rfc2217") return hear(bytes);
      first = concatBytes([first, bytes]);
      manner = mannerOf(first);
      if (manner === "unknown") return { forBoard: noBytes, answer: noBytes, unwelcome: null };
      if (manner !== "browser") return hear(first);
      const answer = first[0] !== undefined && binaryHellos.has(first[0]) ? noBytes : bytesOf(notForPages);
      return { forBoard: noBytes, answer, unwelcome: "its client seems to be a web page" };
    },
    say: (bytes) => (manner === "rfc2217" ? escapeIac(bytes) : bytes),
    farewell: () => noBytes,
  };
}
