import { expect, test } from "vitest";
import { sampleMissed, sampleReading } from "../support/samples.ts";
import { testApp } from "./test-app.ts";

test("the feed counts what it publishes, whether somebody listens or not, and not what has no cursor", async () => {
  const { feed, accept } = await testApp();
  accept({ type: "reading", data: sampleReading() }, { type: "missed", data: sampleMissed() });
  feed.publishUnstored({ type: "reading", data: sampleReading() });
  expect(feed.published).toBe(2);
});
