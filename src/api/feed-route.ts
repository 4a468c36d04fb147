import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { heapscopeError } from "../shared/errors.ts";
import type { App } from "./app-type.ts";
import type { FeedHub } from "./feed.ts";
import type { FeedSocket } from "./feed-client.ts";
import { feedCloseCodes } from "./feed-close-codes.ts";
import { sendProblem } from "./problem.ts";
import { problems } from "./responses.ts";
import type { TokenConnections } from "./token-connections.ts";

export const feedPath = "/api/v1/feed";

/** Beyond this ws itself closes with 1009; below it, the feed's own limit answers with a sentence first. */
export const hardMessageBytes = 1024 * 1024;

/** GET /api/v1/feed: the WebSocket. Needs @fastify/websocket on `app`. */
export function feedRoute(app: App, feed: FeedHub, connections: TokenConnections): void {
  app.route({
    method: "GET",
    url: feedPath,
    exposeHeadRoute: false,
    schema: {
      summary: "The live feed (WebSocket)",
      description:
        'Open with ws://. The server sends {"type":"hello","version":1,…}; send {"type":"subscribe","boards":["*"],"types"?:[…],"after"?:CURSOR}; it answers {"type":"snapshot","boards":[…],"alerts":[…],"cursor":N} (or, with "after", every stored event since; {"type":"gap","oldest":N} and a snapshot where history no longer reaches back that far), then live {"type":"reading"|"collection"|"missed"|"board"|"alert","cursor":N,"data":{…}}. A client that is too slow gets the newest reading per board with "coalesced", and is closed with 1013 when too much waits. Every message, close code and limit: [AsyncAPI document](/api/v1/asyncapi.json). A token comes in the header Authorization, or, from a browser, as subprotocols: heapscope, token.TOKEN.',
      tags: ["feed"],
      response: problems(403, 426, 503),
    },
    onRequest: async (request, reply) => {
      if (request.ws && feed.isFull) {
        return sendProblem(heapscopeError("feed-full", { limit: feed.clientLimit }), request, reply);
      }
    },
    handler: async (request, reply) => {
      reply.header("upgrade", "websocket");
      return sendProblem(heapscopeError("upgrade-required", { path: feedPath }), request, reply);
    },
    wsHandler: (socket, request) => {
      const client = feed.connect(feedSocketOf(socket, request.raw.socket));
      const forget = connections.add(request.token, (reason) =>
        socket.close(feedCloseCodes.refused.code, reason),
      );
      socket.on("close", forget);
      socket.on("message", (data, isBinary) => client.receive(bytesOfMessage(data), isBinary));
      socket.on("ping", () => client.pinged());
      socket.on("pong", () => client.pong());
      socket.on("close", () => feed.disconnect(client));
    },
  });
}

function bytesOfMessage(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/**
 * Frames that are the same for every client go straight to the connection below ws, whose `send` would make a header and two
 * writes of each (half as much time again with a thousand clients). ws writes its own frames, goodbyes and pings, whole and at
 * once, so both may write in turns.
 */
function feedSocketOf(socket: WebSocket, connection: Socket): FeedSocket {
  return {
    get bufferedAmount() {
      return connection.writableLength;
    },
    // A write that fails is told to the same callback; the close event follows and says enough.
    write: (frames, taken) => {
      if (socket.readyState === socket.OPEN) connection.write(frames, taken);
    },
    close: (code, reason) => socket.close(code, reason),
    ping: () => {
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    terminate: () => socket.terminate(),
  };
}
