import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exportHistory } from "../../src/app/export-history.ts";
import { type ImportOptions, type ImportReport, importFiles } from "../../src/app/import-history.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { NewEvent, Store, StoredEvent } from "../../src/store/store-types.ts";
import { sampleAlert } from "../support/sample-alert.ts";
import {
  sampleCollection,
  sampleDump,
  sampleMap,
  sampleMissed,
  sampleReading,
  sampleSnapshot,
} from "../support/samples.ts";

const board = "e6614103e7452d2f";
const dumps = resolve(import.meta.dirname, "../fixtures/dumps");
const startMs = Date.UTC(2026, 10, 22, 17);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "heapscope-import-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function atSecond(second: number): string {
  return new Date(startMs + second * 1000).toISOString();
}

/** A bit of everything, over a minute. */
function events(): NewEvent[] {
  return [
    { type: "board", boardId: board, at: atSecond(0), data: sampleSnapshot() },
    { type: "reading", data: sampleReading({ at: atSecond(1), map: sampleMap }), dump: sampleDump },
    { type: "missed", data: sampleMissed({ at: atSecond(2) }) },
    { type: "reading", data: sampleReading({ at: atSecond(3), phase: "before-collect" }) },
    { type: "reading", data: sampleReading({ at: atSecond(3), phase: "after-collect" }) },
    { type: "collection", data: sampleCollection({ at: atSecond(3), beforeId: 4, afterId: 5 }) },
    { type: "alert", data: sampleAlert({ at: atSecond(4) }) },
  ];
}

async function exported(store: Store, file: string): Promise<string> {
  let text = "";
  for await (const line of exportHistory(store, { format: "ndjson", maps: true })) text += line;
  writeFileSync(file, text);
  return text;
}

async function imported(
  files: readonly string[],
  database: string,
  change: Partial<ImportOptions> = {},
): Promise<ImportReport[]> {
  const reports: ImportReport[] = [];
  const options = { database, board: null, at: null, everySeconds: 1, ...change };
  await importFiles(files, options, (report) => reports.push(report));
  return reports;
}

function withStore<Result>(file: string, work: (store: Store) => Result): Result {
  const store = openStore({ file });
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Without the ids, which differ from history to history. */
function plain(event: StoredEvent): unknown {
  const { cursor, ...rest } = event;
  return { ...rest, data: { ...event.data, id: null, beforeId: null, afterId: null } };
}

test("an export goes into another history, with maps, names and the readings of each collection", async () => {
  const place = folder();
  const source = openStore({ file: join(place, "source.db") });
  const { id, name, port, emulated, facts } = sampleSnapshot();
  source.upsertBoard({ id, name, port, emulated, facts }, atSecond(0));
  source.append(events());
  const file = join(place, "export.ndjson");
  await exported(source, file);

  const target = join(place, "target.db");
  withStore(target, (store) => {
    store.append([{ type: "reading", data: sampleReading({ boardId: "other", at: atSecond(9) }) }]);
  });
  expect(await imported([file], target)).toEqual([
    { file, form: "export", imported: 7, known: 0, damaged: 0 },
  ]);
  withStore(target, (store) => {
    const there = store.eventsAfter(0, { boards: [board], limit: 100 });
    expect(there.map(plain)).toEqual(source.eventsAfter(0, { limit: 100 }).map(plain));
    const [collection] = store.collections(board, { limit: 10 });
    const phases = [collection?.beforeId, collection?.afterId].map(
      (reading) => store.readings(board, { limit: 100 }).find(({ id }) => id === reading)?.phase,
    );
    expect(phases).toEqual(["before-collect", "after-collect"]);
    expect(Buffer.from(store.latestMap(board)?.dump ?? [])).toEqual(Buffer.from(sampleDump));
    expect(store.board(board)).toMatchObject({ name: "greenhouse" });
    const range = { fromMs: startMs, toMs: startMs + 60_000, points: 1 };
    expect(store.series(board, { metric: "usedBytes", ...range }).buckets[0]?.count).toBe(3);
  });
  source.close();
});

test("an import can be repeated: what is there already is left out", async () => {
  const place = folder();
  const file = join(place, "export.ndjson");
  const database = join(place, "history.db");
  const source = openStore({ file: database });
  source.append(events());
  await exported(source, file);
  source.close();
  expect(await imported([file, file], database)).toMatchObject([
    { imported: 0, known: 7 },
    { imported: 0, known: 7 },
  ]);
});

test.each([
  ["cut off", (text: string) => text.slice(0, -40), /:9: it is not JSON; the file may be cut off/],
  [
    "of an unknown type",
    (text: string) => `${text}{"type":"picture"}\n`,
    /:10: its type "picture" is none of/,
  ],
  [
    "with a wrong figure",
    (text: string) => text.replace('"usedBytes":8848', '"usedBytes":"many"'),
    /:4: data\.heap\.usedBytes must be integer/,
  ],
  [
    "with a negative figure",
    (text: string) => text.replace('"durationMs":17.9', '"durationMs":-1'),
    /:4: data\.durationMs is -1, and cannot be negative/,
  ],
  [
    "with used and free that are not the total",
    (text: string) => text.replace('"usedBytes":8848', '"usedBytes":8849'),
    /:4: data\.heap does not add up: 8849 used \+ 237040 free/,
  ],
  [
    "with a utilization that does not follow",
    (text: string) => text.replace('"utilization":0.036', '"utilization":0.36'),
    /:4: data\.utilization is 0\.36, and 8848 of 245888 bytes are 0\.0360/,
  ],
  [
    "with a fragmentation that does not follow",
    (text: string) => text.replace('"fragmentation":0.0008', '"fragmentation":0.5'),
    /:4: data\.fragmentation is 0\.5, /,
  ],
  [
    "with a free run longer than the free heap",
    (text: string) => text.replace('"largestFreeBytes":236848', '"largestFreeBytes":240000'),
    /:4: data\.largestFreeBytes is 240000, more than all the 237040 free bytes/,
  ],
  [
    "with a line longer than 16 MiB",
    (text: string) => `${text}{"type":"${"x".repeat(16 * 1024 * 1024)}"}\n{}\n`,
    /2 lines are damaged.*\n.*:10: the line is longer than 16 MiB.*\n.*:11: its type/,
  ],
  [
    "from a newer heapscope",
    (text: string) => text.replace('"version":1', '"version":7'),
    /:1: .*newer heapscope/,
  ],
])("an export %s is refused as a whole, with its line", async (_what, spoil, sentence) => {
  const place = folder();
  const file = join(place, "export.ndjson");
  const source = openStore({ file: ":memory:" });
  const { id, name, port, emulated, facts } = sampleSnapshot();
  source.upsertBoard({ id, name, port, emulated, facts }, atSecond(0));
  source.append(events());
  writeFileSync(file, spoil(await exported(source, file)));
  source.close();
  const database = join(place, "history.db");
  await expect(imported([file], database)).rejects.toThrow(sentence);
  expect(() => statSync(database)).toThrow();
});

test("the first ten bad lines of all files are named, the others counted", async () => {
  const place = folder();
  const [one, other] = [join(place, "one.ndjson"), join(place, "other.ndjson")];
  const source = openStore({ file: ":memory:" });
  source.append(events());
  writeFileSync(one, (await exported(source, one)).replace('"usedBytes":8848', '"usedBytes":-8848'));
  writeFileSync(other, `${await exported(source, other)}${"nonsense\n".repeat(12)}`);
  source.close();
  const database = join(place, "history.db");
  const text = await imported([one, other], database).then(String, (error: Error) => error.message);
  expect(text).toMatch(/^13 lines are damaged, and nothing was imported/);
  expect(text).toContain(`${one}:4: data.heap.usedBytes is -8848`);
  expect(text).toContain(`${other}:18: it is not JSON`);
  expect(text.split("\n")).toHaveLength(12);
  expect(text.endsWith("…and 3 more")).toBe(true);
  expect(() => statSync(database)).toThrow();
});

test("a device is no file to import", async () => {
  await expect(imported(["/dev/zero"], join(folder(), "history.db"))).rejects.toThrow(
    "it is a device or a pipe, not a file",
  );
});

test("every dump of a text becomes a reading, with its map", async () => {
  const place = folder();
  const database = join(place, "history.db");
  const file = join(dumps, "031-esp8266-v1.12-repeat-5949.txt");
  const options = { board: "bench-esp8266", at: atSecond(0), everySeconds: 10 };
  const [report] = await imported([file], database, options);
  expect(report).toMatchObject({ form: "text", known: 0 });
  expect(report?.imported).toBeGreaterThan(0);
  withStore(database, (store) => {
    const readings = store.readings("bench-esp8266", { limit: 100 });
    expect(readings.map(({ at }) => at)).toEqual(readings.map((_, index) => atSecond(index * 10)));
    expect(readings[0]).toMatchObject({ source: "file", phase: "on-demand", boardId: "bench-esp8266" });
    const withMap = readings.filter(({ map }) => map !== null);
    for (const { id } of withMap) {
      const dump = Buffer.from(store.mapOf("bench-esp8266", id!)?.dump ?? []).toString("latin1");
      expect(readFileSync(file, "latin1")).toContain(dump);
    }
  });
  expect(await imported([file], database, options)).toMatchObject([{ imported: 0, known: report?.imported }]);
});

test("without a time, the last dump of a text is as old as the file", async () => {
  const place = folder();
  const file = join(place, "capture.txt");
  const text = readFileSync(join(dumps, "005-unix64-basic-15752.txt"), "latin1");
  writeFileSync(file, `${text}\n${text}`, "latin1");
  utimesSync(file, new Date(startMs), new Date(startMs));
  const database = join(place, "history.db");
  await imported([file], database, { board: "unix", everySeconds: 60 });
  const times = withStore(database, (store) => store.readings("unix", { limit: 10 }).map(({ at }) => at));
  expect(times.at(-1)).toBe(atSecond(0));
  expect(times.at(-2)).toBe(atSecond(-60));
});

test.each([
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), "neither an export of heapscope"],
  ["a CSV", Buffer.from("id,boardId,at\r\n1,a,2026-11-22T17:00:00Z\r\n"), "a CSV cannot be taken back"],
  ["other JSON", Buffer.from('{"hello":"world"}\n'), "neither an export of heapscope"],
  ["nothing at all", Buffer.alloc(0), "neither an export of heapscope"],
])(
  "%s is refused with a sentence, and nothing of the other files is taken",
  async (_what, bytes, sentence) => {
    const place = folder();
    const [good, bad] = [join(place, "good.ndjson"), join(place, "bad")];
    const source = openStore({ file: ":memory:" });
    source.append(events());
    await exported(source, good);
    source.close();
    writeFileSync(bad, bytes);
    const database = join(place, "history.db");
    await expect(imported([good, bad], database)).rejects.toThrow(sentence);
    expect(() => statSync(database)).toThrow();
  },
);

test("a text whose board is not named, and a file that is not there, are told", async () => {
  const place = folder();
  const database = join(place, "history.db");
  const file = join(dumps, "005-unix64-basic-15752.txt");
  await expect(imported([file], database)).rejects.toThrow("Name it with --board");
  await expect(imported([join(place, "none")], database)).rejects.toThrow("there is no such file");
  await expect(imported([place], database)).rejects.toThrow("it is a folder");
});

test("a history that a daemon is writing to is left to it", async () => {
  const place = folder();
  const database = join(place, "history.db");
  const file = join(place, "export.ndjson");
  const daemon = openStore({ file: database });
  daemon.append(events());
  await exported(daemon, file);
  await expect(imported([file], database)).rejects.toThrow("another heapscope is writing to it");
  daemon.close();
});

test("what a helper reported comes back, and readings of before there were helpers are of none", async () => {
  const home = folder();
  const helper = {
    ...{ run: "3f2a", sequence: 17, ticksMs: 123_456, gcThreshold: -1, peakBytes: 900 },
    mark: { kind: "point" as const, label: "after wifi" },
    idfHeap: [{ totalBytes: 300, freeBytes: 100, largestFreeBytes: 90, minimumFreeBytes: 8 }],
  };
  const old = openStore({ file: ":memory:" });
  old.append([
    { type: "reading", data: sampleReading({ at: atSecond(1), source: "helper", helper }) },
    { type: "reading", data: sampleReading({ at: atSecond(2) }) },
  ]);
  const file = join(home, "export.ndjson");
  const text = await exported(old, file);
  expect(text).toContain('"helper":null');
  writeFileSync(file, text.replace('"helper":null,', ""));
  const csv: string[] = [];
  for await (const line of exportHistory(old, { format: "csv", maps: false, type: "reading" }))
    csv.push(line);
  expect(csv.join("")).toContain("3f2a,17,123456,point,after wifi,-1,900,100,90");
  old.close();
  const database = join(home, "history.db");
  await imported([file], database);
  const store = openStore({ file: database });
  onTestFinished(() => store.close());
  expect(store.readings(board, { limit: 10 }).map((reading) => reading.helper)).toEqual([helper, null]);
});
