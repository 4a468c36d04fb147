import { heapscopeError } from "../../src/shared/errors.ts";
import type { CloseReason, Port } from "../../src/transport/port.ts";
import type { FakeBoard } from "./fake-board.ts";

/** Changes what the board sends on its way to the host. */
export type Wire = (bytes: Uint8Array) => readonly Uint8Array[];

export interface FakePort extends Port {
  wire: Wire;
  /** As if the cable was pulled. */
  unplug(): void;
  /** The board prints something by itself. */
  print(bytes: Uint8Array): void;
  readonly isOpen: boolean;
}

export const straight: Wire = (bytes) => (bytes.length > 0 ? [bytes] : []);

/** A port whose other end is a fake board; answers come within the promise queue, without time. */
export function fakePort(board: FakeBoard, url = "serial:/dev/fake0"): FakePort {
  let onBytes: (bytes: Uint8Array) => void = () => {};
  let settle: (reason: CloseReason) => void = () => {};
  let open = true;
  const end = (reason: CloseReason): void => {
    open = false;
    settle(reason);
  };
  const port: FakePort = {
    url,
    wire: straight,
    get isOpen() {
      return open;
    },
    closed: new Promise((resolve) => {
      settle = resolve;
    }),
    listen: (receiver) => {
      onBytes = receiver;
    },
    write: async (bytes) => {
      if (!open) throw heapscopeError("port-vanished", { port: url, reason: "unplugged" });
      port.print(board.receive(bytes));
    },
    close: async () => end({ kind: "closed" }),
    unplug: () => end({ kind: "vanished", reason: "unplugged" }),
    print: (bytes) => {
      queueMicrotask(() => {
        for (const chunk of port.wire(bytes)) if (open) onBytes(chunk);
      });
    },
  };
  return port;
}

/** Lets `limit` bytes pass, then nothing. */
export function cutAfter(limit: number): Wire {
  let left = limit;
  return (bytes) => {
    const passed = bytes.subarray(0, left);
    left -= passed.length;
    return straight(passed);
  };
}
