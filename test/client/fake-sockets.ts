import type { ClientSocket } from "../../src/client/feed-socket.ts";

/** The WebSockets that a client has opened; the test plays the server. */
export function fakeSockets() {
  const opened: FakeSocket[] = [];

  class FakeSocket implements ClientSocket {
    onopen: ((event: never) => void) | null = null;
    onmessage: ((event: never) => void) | null = null;
    onclose: ((event: never) => void) | null = null;
    onerror: ((event: never) => void) | null = null;
    readonly sent: Record<string, unknown>[] = [];
    readonly url: string;
    readonly protocols: string[] | undefined;
    ended: "closed" | "terminated" | null = null;

    constructor(url: string, protocols?: string[]) {
      this.url = url;
      this.protocols = protocols;
      opened.push(this);
    }

    send(text: string): void {
      this.sent.push(JSON.parse(text));
    }

    close(): void {
      this.ended ??= "closed";
    }

    terminate(): void {
      this.ended = "terminated";
    }

    /** Opens, and says what the server says first. */
    hello(cursor: number, version = 1, history?: string | null): void {
      this.onopen?.({} as never);
      this.say({ type: "hello", version, heapscope: "0.1.0", cursor, history });
    }

    say(...messages: (object | string)[]): void {
      for (const message of messages) {
        const data = typeof message === "string" ? message : JSON.stringify(message);
        this.onmessage?.({ data } as never);
      }
    }

    drop(code = 1006): void {
      this.onerror?.({} as never);
      this.onclose?.({ code, reason: "" } as never);
    }
  }

  return {
    webSocket: FakeSocket,
    opened,
    /** The newest one. */
    get last(): FakeSocket {
      return opened.at(-1)!;
    },
  };
}
