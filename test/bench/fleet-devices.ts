/**
 * So many boards behind TCP ports of their own, in this process: `npx tsx test/bench/fleet-devices.ts COUNT`. Prints their
 * URLs as one line of JSON, and ends with its standard input. The boards are fakes that speak the whole raw REPL and answer
 * with a captured dump; a recorded connection would be at its end after one run.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import { FakeBoard } from "../support/fake-board.ts";
import { firmware } from "../support/fake-firmware.ts";

const count = Number(process.argv[2]);
const urls = await Promise.all(Array.from({ length: count }, (_, index) => startBoard(index)));
console.log(JSON.stringify(urls));
process.stdin.resume().on("end", () => process.exit());

async function startBoard(index: number): Promise<string> {
  const uniqueId = (0xf1ee7000 + index).toString(16);
  const board = new FakeBoard({ paste: "yes", run: firmware({ uniqueId }).run });
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      socket.write(board.receive(bytes));
      // It keeps what it was told, for tests.
      board.received.length = 0;
      board.ran.length = 0;
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return `tcp://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}
