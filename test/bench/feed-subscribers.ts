/**
 * So many clients of a feed in this process: `npx tsx test/bench/feed-subscribers.ts URL COUNT read|stall`. Prints "ready" when
 * all have their snapshot; a client that stalls reads nothing after it. For each line on standard input it prints how many
 * messages have come by then, and it ends with its standard input.
 */
import { createInterface } from "node:readline";
import WebSocket from "ws";

const [url = "", count = "1", manner = "read"] = process.argv.slice(2);
let messages = 0;

await Promise.all(Array.from({ length: Number(count) }, subscribe));
console.log("ready");
createInterface({ input: process.stdin })
  .on("line", () => console.log(String(messages)))
  .on("close", () => process.exit());

function subscribe(): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.once("message", () => {
      socket.send('{"type":"subscribe","boards":["*"]}');
      socket.once("message", () => {
        socket.on("message", () => messages++);
        if (manner === "stall") socket.pause();
        resolve();
      });
    });
  });
}
