import { expect, test } from "vitest";
import { sampleReading } from "../support/samples.ts";
import { testApp } from "./test-app.ts";

const star = '"boards":["*"]';

/** What a client sends, the code the feed closes with, and words of the sentence it says first. */
const bad: readonly (readonly [string, string | Buffer, number, string])[] = [
  ["nothing", "", 1007, "not JSON"],
  ["half a message", `{"type":"subscribe",${star}`, 1007, "not JSON"],
  ["two messages in one", `{"type":"subscribe",${star}}{"type":"subscribe",${star}}`, 1007, "not JSON"],
  ["a string", '"subscribe"', 1008, 'an object with a "type"'],
  ["null", "null", 1008, 'an object with a "type"'],
  ["a type that is no string", `{"type":1,${star}}`, 1008, "the type 1 is unknown"],
  ["a type of prodigious length", `{"type":"${"x".repeat(60_000)}"}`, 1008, "is unknown"],
  [
    "a key of prodigious length",
    `{"type":"subscribe",${star},"${"k".repeat(60_000)}":1}`,
    1008,
    "is unknown",
  ],
  ["a server's message", '{"type":"mark","cursor":1}', 1008, '"mark" is unknown'],
  ["a prototype", `{"type":"subscribe",${star},"__proto__":{"after":1}}`, 1008, '"__proto__" is unknown'],
  ["no board at all", '{"type":"subscribe","boards":[]}', 1008, '"boards"'],
  ["an empty board", '{"type":"subscribe","boards":[""]}', 1008, '"boards.0"'],
  ["boards that are no list", '{"type":"subscribe","boards":"*"}', 1008, '"boards"'],
  ["too many boards", JSON.stringify({ type: "subscribe", boards: Array(1001).fill("b") }), 1008, '"boards"'],
  ["no kind at all", `{"type":"subscribe",${star},"types":[]}`, 1008, '"types"'],
  ["an unknown kind", `{"type":"subscribe",${star},"types":["reading","weather"]}`, 1008, '"types.1"'],
  ["a cursor in text", `{"type":"subscribe",${star},"after":"7"}`, 1008, '"after"'],
  ["a cursor between two", `{"type":"subscribe",${star},"after":1.5}`, 1008, '"after"'],
  ["a cursor beyond counting", `{"type":"subscribe",${star},"after":1e400}`, 1008, '"after"'],
  ["marks that are neither yes nor no", `{"type":"subscribe",${star},"marks":"yes"}`, 1008, '"marks"'],
  ["a binary frame of JSON", Buffer.from(`{"type":"subscribe",${star}}`), 1003, "binary"],
  ["an empty binary frame", Buffer.alloc(0), 1003, "binary"],
  ["a byte more than the limit", "x".repeat(65_537), 1009, "the limit is 65536"],
];

test.each(bad)(
  "%s is answered with a sentence of bounded length, and closed",
  async (_, frame, code, words) => {
    const { connect, feed } = await testApp();
    const client = await connect();
    await client.next();
    client.socket.send(frame, { binary: typeof frame !== "string" });
    const answer = await client.next();
    expect(answer).toMatchObject({ type: "error", code: "feed-message-invalid" });
    expect(answer["message"]).toContain(words);
    expect(String(answer["message"]).length).toBeLessThan(500);
    expect(await client.closed).toMatchObject({ code });
    await expect.poll(() => feed.clientCount).toBe(0);
  },
);

test("a cursor that nobody has given yet is an error, and no end", async () => {
  const { connect } = await testApp();
  const client = await connect();
  expect(await client.subscribe({ after: Number.MAX_SAFE_INTEGER })).toMatchObject({
    type: "error",
    code: "feed-cursor-ahead",
  });
  client.send({ type: "subscribe", boards: ["*"] });
  expect(await client.next()).toMatchObject({ type: "snapshot" });
});

test("text that is no UTF-8 is closed with 1007", async () => {
  const { connect } = await testApp();
  const client = await connect();
  await client.next();
  client.socket.send(Buffer.from([0x22, 0xff, 0x22]), { binary: false });
  expect(await client.closed).toMatchObject({ code: 1007 });
});

test("a message in a thousand fragments is a message", async () => {
  const { connect } = await testApp();
  const client = await connect();
  await client.next();
  const text = `{"type":"subscribe",${star}${" ".repeat(1000)}}`;
  for (const [index, letter] of [...text].entries())
    client.socket.send(letter, { fin: index === text.length - 1 });
  expect(await client.next()).toMatchObject({ type: "snapshot" });
});

test("an unknown board is silent, not an error: it may come later", async () => {
  const { connect, accept } = await testApp();
  const client = await connect();
  expect(await client.subscribe({ boards: ["nobody"] })).toMatchObject({ type: "snapshot", boards: [] });
  accept({ type: "reading", data: sampleReading() });
  client.send({ type: "subscribe", boards: ["*"] });
  expect(await client.next()).toMatchObject({ type: "snapshot", cursor: 1 });
});

test("who sends what the feed cannot use harms nobody else", async () => {
  const { connect, accept } = await testApp();
  const good = await connect();
  await good.subscribe();
  for (const [, frame] of bad) {
    const client = await connect();
    client.socket.send(frame);
  }
  accept({ type: "reading", data: sampleReading() });
  expect(await good.next()).toMatchObject({ type: "reading", cursor: 1 });
});
