import { expect, test } from "vitest";
import { openStore } from "../../src/store/open-store.ts";

test("how far a webhook has been told is kept, and forgotten with the webhook", () => {
  const store = openStore({ file: ":memory:" });
  expect(store.webhookCursor("a")).toBeUndefined();
  store.setWebhookCursor("a", 5);
  store.setWebhookCursor("a", 7);
  store.setWebhookCursor("b", 1);
  expect([store.webhookCursor("a"), store.webhookCursor("b")]).toEqual([7, 1]);
  store.keepWebhookCursors(["b", "c"]);
  expect([store.webhookCursor("a"), store.webhookCursor("b")]).toEqual([undefined, 1]);
  store.keepWebhookCursors([]);
  expect(store.webhookCursor("b")).toBeUndefined();
  store.close();
  expect(() => store.webhookCursor("b")).toThrow(/cannot be used/);
});
