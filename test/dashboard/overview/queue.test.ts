import { expect, test } from "vitest";
import { Queue } from "../../../src/dashboard/overview/queue.ts";

const { signal } = new AbortController();

test("runs everything, in order, never more at a time than allowed", async () => {
  const queue = new Queue(2);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, (_, task) =>
      queue.run(async () => {
        started.push(task);
        most = Math.max(most, ++running);
        await Promise.resolve();
        running--;
      }, signal),
    ),
  );
  expect(most).toBe(2);
  expect(started).toEqual(started.toSorted((one, other) => one - other));
});

test("what fails, or is not wanted any more, holds up nobody", async () => {
  const queue = new Queue(1);
  const abort = new AbortController();
  const failing = queue.run(() => Promise.reject(new Error("no")), signal);
  const unwanted = queue.run(async () => "never", abort.signal);
  const last = queue.run(async () => "done", signal);
  abort.abort();
  await expect(failing).rejects.toThrow("no");
  await expect(unwanted).rejects.toThrow();
  await expect(last).resolves.toBe("done");
  await expect(queue.run(async () => "again", signal)).resolves.toBe("again");
});
