import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { FakeBoard } from "./fake-board.ts";
import { firmware } from "./fake-firmware.ts";

export interface FakeTcpBoard {
  /** `tcp://HOST:PORT` */
  readonly url: string;
  stop(): void;
}

/**
 * A board behind a TCP port of its own: it answers at once and speaks the whole raw REPL. Each connection finds it at its prompt, as
 * after a reset: what a killed host leaves on a board is test/faults' business.
 */
export async function startFakeTcpBoard(uniqueId: string): Promise<FakeTcpBoard> {
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const board = new FakeBoard({ paste: "yes", run: firmware({ uniqueId }).run });
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      socket.write(board.receive(bytes));
      // It keeps what it was told, for other tests.
      board.received.length = 0;
      board.ran.length = 0;
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `tcp://127.0.0.1:${port}`, stop: () => server.close() };
}
