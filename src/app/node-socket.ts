import WebSocket from "ws";
import type { ClientSocketConstructor } from "../client/feed-socket.ts";

/** The WebSocket of `ws` for the feed's client. Unlike a browser's it can send the token as a header, where no log shows it. */
export function nodeSocket(token: string | undefined): ClientSocketConstructor {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return class extends WebSocket {
    constructor(url: string) {
      super(url, { headers, perMessageDeflate: false });
    }
  };
}
