import type { FeedLimits } from "./feed.ts";
import { feedCloseCodes } from "./feed-close-codes.ts";
import { withNamedSchemas } from "./named-schemas.ts";
import { clientMessages, feedVersion, serverMessages } from "./schemas-feed.ts";

export interface AsyncApiOptions {
  /** heapscope's version. */
  readonly version: string;
  /** HOST:PORT under which the daemon was asked. */
  readonly host: string;
  /** The feed's path. */
  readonly address: string;
  readonly limits: FeedLimits;
}

/** The feed as an AsyncAPI 3.0 document (https://www.asyncapi.com/docs/reference/specification/v3.0.0), made from the schemas. */
export function asyncApiDocument({ version, host, address, limits }: AsyncApiOptions): object {
  const schemas: Record<string, unknown> = {};
  const messages = Object.fromEntries(
    Object.entries({ ...serverMessages, ...clientMessages }).map(([name, schema]) => {
      const { title, description } = schema as { readonly title?: string; readonly description?: string };
      const payload = withNamedSchemas(schema, schemas);
      return [name, { name, title, summary: description, contentType: "application/json", payload }];
    }),
  );
  const inChannel = (names: readonly string[]) =>
    names.map((name) => ({ $ref: `#/channels/feed/messages/${name}` }));
  return {
    asyncapi: "3.0.0",
    info: {
      title: "heapscope feed",
      version,
      description:
        "The live feed of heapscope: readings, collections, missed readings, boards and alerts, as they are stored. REST is described at /api/v1/openapi.json.",
    },
    defaultContentType: "application/json",
    servers: {
      daemon: { host, protocol: "ws", description: "The daemon that made this document." },
    },
    channels: {
      feed: {
        address,
        title: "The feed",
        description: rules(limits),
        servers: [{ $ref: "#/servers/daemon" }],
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
        "x-version": feedVersion,
        "x-close-codes": Object.values(feedCloseCodes),
        "x-limits": shownLimits(limits),
      },
    },
    operations: {
      tell: {
        action: "send",
        channel: { $ref: "#/channels/feed" },
        title: "heapscope tells",
        messages: inChannel(Object.keys(serverMessages)),
      },
      subscribe: {
        action: "receive",
        channel: { $ref: "#/channels/feed" },
        title: "A client subscribes",
        messages: inChannel(Object.keys(clientMessages)),
        reply: { channel: { $ref: "#/channels/feed" }, messages: inChannel(["snapshot", "gap", "error"]) },
      },
    },
    components: { messages, schemas },
  };
}

function shownLimits(limits: FeedLimits) {
  return {
    clients: limits.clients,
    messageBytes: limits.messageBytes,
    messagesPerSecond: limits.messages.perSecond,
    messagesAtOnce: limits.messages.burst,
    subscribeWithinMs: limits.subscribeMs,
    heartbeatMs: limits.heartbeatMs,
    waitingEvents: limits.waitingEvents,
    bufferedBytes: limits.bufferedBytes,
  };
}

function rules(limits: FeedLimits): string {
  const codes = Object.values(feedCloseCodes).map(
    ({ code, meaning, next }) => `| ${code} | ${meaning} | ${next} |`,
  );
  return `The server sends hello; the client sends subscribe within ${limits.subscribeMs} ms and may send another one at any time, which takes the place of the first.

**Without "after"** the answer is a snapshot: the boards and the alerts that fire, as they are now. Every event with a cursor greater than the snapshot's follows.

**Resuming.** Every stored event has a cursor, and cursors rise. With the cursor of the last event it has in "after", a client gets every stored event since, in order, and then live ones: nothing is lost, nothing comes twice. Where history no longer reaches back that far, gap says so and a snapshot follows. A cursor that is greater than the newest one (the history was replaced) is answered with the error feed-cursor-ahead, and where "history" says so, one of another history with feed-cursor-foreign; the connection stays open for a subscribe without "after".

**Boards and kinds.** "boards" holds ids or names, "*" for all. A board that nobody knows yet is no error: its events come when it does. "types" holds the kinds of events wanted. Cursors count all events, so they may jump.

**Slow clients.** What a client does not take waits: the newest reading of each board, with "coalesced" saying how many it stands for, and up to ${limits.waitingEvents} other events in order. Then the client is closed with ${feedCloseCodes.slow.code} and resumes by cursor.

**Heartbeat.** Every ${limits.heartbeatMs} ms the server pings; who has not answered the last ping is cut off. Browsers show their page no pings: subscribe with "marks": true to get a mark message with each. Ignore keys and types of messages that you do not know: new ones do not raise the version.

**Tokens.** Where heapscope asks for one: the header "Authorization: Bearer TOKEN", or, in a browser, the subprotocols "heapscope" and "token.TOKEN".

| close code | meaning | what to do |
| --- | --- | --- |
${codes.join("\n")}

Limits: ${limits.clients} clients (further ones get 503 before the upgrade), ${limits.messageBytes} bytes a message, ${limits.messages.perSecond} messages and pings a second on average and ${limits.messages.burst} at once.`;
}
