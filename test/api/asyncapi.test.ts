import { expect, test } from "vitest";
import { feedCloseCodes } from "../../src/api/feed-close-codes.ts";
import { clientMessages, serverMessages } from "../../src/api/schemas-feed.ts";
import { testApp } from "./test-app.ts";

type Json = Readonly<Record<string, unknown>>;

async function fetched() {
  const { app } = await testApp();
  const answer = await app.inject("/api/v1/asyncapi.json");
  expect([answer.statusCode, answer.headers["content-type"]]).toEqual([
    200,
    "application/json; charset=utf-8",
  ]);
  return { document: answer.json(), openApi: (await app.inject("/api/v1/openapi.json")).json() };
}

function resolved(document: Json, reference: string): unknown {
  expect(reference.startsWith("#/"), reference).toBe(true);
  let value: unknown = document;
  for (const key of reference.slice(2).split("/")) {
    expect(value, reference).toHaveProperty([key]);
    value = (value as Json)[key];
  }
  return value;
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "$ref" ? [String(inner)] : referencesIn(inner),
  );
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  root: ["asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components"],
  info: ["title", "version", "description", "termsOfService", "contact", "license", "tags", "externalDocs"],
  server: [
    "host",
    "protocol",
    "protocolVersion",
    "pathname",
    "description",
    "title",
    "summary",
    "variables",
    "security",
    "tags",
    "externalDocs",
    "bindings",
  ],
  channel: [
    "address",
    "messages",
    "title",
    "summary",
    "description",
    "servers",
    "parameters",
    "tags",
    "externalDocs",
    "bindings",
  ],
  operation: [
    "action",
    "channel",
    "title",
    "summary",
    "description",
    "security",
    "tags",
    "externalDocs",
    "bindings",
    "traits",
    "messages",
    "reply",
  ],
  reply: ["address", "channel", "messages"],
  message: [
    "headers",
    "payload",
    "correlationId",
    "contentType",
    "name",
    "title",
    "summary",
    "description",
    "tags",
    "externalDocs",
    "bindings",
    "examples",
    "traits",
  ],
};

function onlyKnownKeys(kind: string, value: Json): void {
  const strange = Object.keys(value).filter((key) => !allowed[kind]!.includes(key) && !key.startsWith("x-"));
  expect(strange, kind).toEqual([]);
}

test("the document keeps to the structure of AsyncAPI 3.0", async () => {
  const { document } = await fetched();
  onlyKnownKeys("root", document);
  expect(document.asyncapi).toBe("3.0.0");
  onlyKnownKeys("info", document.info);
  expect(document.info).toMatchObject({ title: expect.any(String), version: "0.1.0" });
  for (const server of Object.values<Json>(document.servers)) {
    onlyKnownKeys("server", server);
    expect(server).toMatchObject({ host: expect.any(String), protocol: "ws" });
  }
  const { feed } = document.channels;
  onlyKnownKeys("channel", feed);
  expect(feed.address).toBe("/api/v1/feed");
  for (const { $ref } of feed.servers) expect($ref).toMatch(/^#\/servers\//);
  for (const operation of Object.values<Json>(document.operations)) {
    onlyKnownKeys("operation", operation);
    expect(["send", "receive"]).toContain(operation["action"]);
    expect(operation["channel"]).toEqual({ $ref: "#/channels/feed" });
    if (operation["reply"] !== undefined) onlyKnownKeys("reply", operation["reply"] as Json);
  }
  for (const message of Object.values<Json>(document.components.messages)) onlyKnownKeys("message", message);
});

test("every reference resolves, and operations name messages of their channel", async () => {
  const { document } = await fetched();
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(30);
  for (const reference of references) resolved(document, reference);
  for (const operation of Object.values<{ messages: { $ref: string }[] }>(document.operations)) {
    for (const { $ref } of operation.messages) expect($ref).toMatch(/^#\/channels\/feed\/messages\/\w+$/);
  }
});

test("every message of both ways is described, with its direction and its schema", async () => {
  const { document } = await fetched();
  const names = (operation: string) =>
    document.operations[operation].messages.map(({ $ref }: { $ref: string }) => $ref.split("/").at(-1));
  expect(names("tell")).toEqual(Object.keys(serverMessages));
  expect(names("subscribe")).toEqual(Object.keys(clientMessages));
  for (const [name, { payload, summary }] of Object.entries<{ payload: Json; summary: string }>(
    document.components.messages,
  )) {
    expect(summary, name).toBeTruthy();
    const schema = (
      typeof payload["$ref"] === "string" ? resolved(document, payload["$ref"]) : payload
    ) as Json;
    const kinds = (schema["anyOf"] as Json[] | undefined) ?? [schema];
    for (const kind of kinds) expect(kind).toHaveProperty("properties.type.const", name);
  }
});

test("close codes, limits and the rules of resuming are in it, and OpenAPI leads to it", async () => {
  const { document, openApi } = await fetched();
  const { feed } = document.channels;
  expect(feed["x-close-codes"].map(({ code }: { code: number }) => code)).toEqual([
    1001, 1003, 1007, 1008, 1009, 1011, 1013,
  ]);
  for (const { code } of Object.values(feedCloseCodes)) expect(feed.description).toContain(`| ${code} |`);
  expect(feed["x-limits"]).toMatchObject({
    clients: 2048,
    messageBytes: 65_536,
    messagesPerSecond: 2,
    messagesAtOnce: 20,
  });
  for (const word of ["Resuming", "feed-cursor-ahead", "gap", "coalesced", "Bearer"])
    expect(feed.description).toContain(word);
  expect(openApi.paths["/api/v1/feed"].get.description).toContain("/api/v1/asyncapi.json");
});

test("the same data has the same name as in OpenAPI", async () => {
  const { document, openApi } = await fetched();
  for (const name of ["Reading", "Board"]) {
    expect(document.components.schemas[name]).toEqual(openApi.components.schemas[name]);
  }
});
