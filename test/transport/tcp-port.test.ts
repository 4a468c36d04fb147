import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { bytesOf, utf8Text } from "../../src/shared/bytes.ts";
import { openPort } from "../../src/transport/open-port.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket);
    onSocket(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `tcp://127.0.0.1:${address.port}`;
}

test("bytes go both ways, also those that came before anybody listened", async () => {
  const port = await openPort(
    await listen((socket) => {
      socket.write("early ");
      socket.on("data", (bytes) => socket.write(`echo ${bytes}`));
    }),
  );
  const seen = new Promise<string>((resolve) => {
    let text = "";
    port.listen((bytes) => {
      text += utf8Text(bytes);
      if (text.includes("echo")) resolve(text);
    });
  });
  await port.write(bytesOf("hello"));
  expect(await seen).toBe("early echo hello");
  await port.close();
  expect(await port.closed).toEqual({ kind: "closed" });
});

test("a hang-up of the other side is told as such", async () => {
  const port = await openPort(await listen((socket) => socket.end()));
  port.listen(() => {});
  expect(await port.closed).toMatchObject({
    kind: "vanished",
    reason: expect.stringContaining("other side"),
  });
  await port.close();
  await expect(port.write(bytesOf("x"))).rejects.toMatchObject({ code: "port-vanished" });
});

test("nothing listening is a clear sentence", async () => {
  const url = await listen(() => {});
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  await expect(openPort(url)).rejects.toMatchObject({ code: "port-refused" });
});

test("an aborted opening ends with the signal's reason", async () => {
  const url = await listen(() => {});
  await expect(openPort(url, AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough");
});
