import type { Socket } from "node:net";
import { concatBytes, utf8Text } from "../shared/bytes.ts";
import type { Clock } from "../shared/clock.ts";
import { heapscopeError } from "../shared/errors.ts";
import { lineLimitBytes } from "./console-wire.ts";

const LINE_FEED = 0x0a;

/**
 * The first line of a socket, without its end; what follows stays in the socket, which is paused. Throws request-invalid
 * where none comes in time, or too long a one.
 */
export function readLine(socket: Socket, patienceMs: number, clock: Clock): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen: Uint8Array = new Uint8Array(0);
    const end = (): void => {
      cancel();
      socket.off("data", onData).off("close", onClose).off("end", onClose);
      socket.pause();
    };
    const refuse = (detail: string): void => {
      end();
      reject(heapscopeError("request-invalid", { detail }));
    };
    const onClose = (): void => refuse("it ended within its first line");
    const onData = (chunk: Buffer): void => {
      seen = concatBytes([seen, chunk]);
      const at = seen.indexOf(LINE_FEED);
      if ((at === -1 ? seen.length : at) > lineLimitBytes) refuse("its first line is too long");
      else if (at !== -1) found(at);
    };
    const found = (at: number): void => {
      end();
      if (at + 1 < seen.length) socket.unshift(seen.subarray(at + 1));
      resolve(utf8Text(seen.subarray(0, at)));
    };
    const cancel = clock.after(patienceMs, () => refuse(`no first line came within ${patienceMs} ms`));
    socket.on("data", onData).once("close", onClose).once("end", onClose).resume();
  });
}
