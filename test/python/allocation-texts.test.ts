import { expect, test } from "vitest";
import { findAllocations } from "../../src/python/allocations.ts";
import { parseModule } from "../../src/python/parsed-module.ts";

const sitesIn = (text: string) => findAllocations(parseModule("a.py", text));
const inLoop = (lines: string) => `def run():\n    while True:\n${lines.replace(/^(?=.)/gm, "        ")}\n`;
/** What is advised for the first site of a loop's body. */
const changeOf = (lines: string): string | undefined => sitesIn(inLoop(lines))[0]?.change;

test.each([
  ["frame = struct.pack('<H', x)\nkeeper.keep(frame)", "keeper.keep() does"],
  ["frame = i2c.readfrom(60, 2)\nshow(frame)\nstore(frame[1:])", "show() and store() do"],
  ["data = uart.read(64)\nif data: handle(data)", "handle() does"],
  ["data = sock.recv(64)\nhandle(memoryview(data)[:4])", "handle() does"],
  ["pkt = bytearray(4)\nqueue.send(pkt)", "queue.send() does"],
  ["handle(bytearray([a, b]))", "handle() does"],
])("what a function gets may be kept by it, and the text says so: %s", (lines, who) => {
  expect(changeOf(lines)).toContain(
    `Only if ${who} not keep it (all that is kept would be one buffer, with what came last in it): make `,
  );
});

test.each([
  ["values = [a, b]\nplot(values)", "list"],
  ["values = {key: n}\nplot(values)", "dictionary"],
  ["values = dict(a=1)\nplot(values)", "dictionary"],
  ["values = [0] * 8\nplot(values)", "list"],
])("of lists and dictionaries as well: %s", (lines, what) => {
  expect(changeOf(lines)).toContain(
    `Only if plot() does not keep it (all that is kept would be one ${what}, with what came last in it): make values`,
  );
});

test("where the source does not tell who keeps it, the text says nobody may", () => {
  expect(changeOf("data = i2c.readfrom(60, 2)\nif go: data = other")).toMatch(/^Only if nothing keeps it/);
});

test.each([
  "x = i2c.readfrom(60, 2)\nprint(x, int(x[0]), x.count(0))",
  "x = struct.pack('<H', y)\nuart.write(x)",
  "x = struct.pack('<H', y)\nlcd.write(x)",
  "x = bytearray(4)\nspi.readinto(x)\nspi.write(memoryview(x)[1:])",
])("no condition where nobody keeps it: %s", (lines) => {
  expect(changeOf(lines)).toMatch(/^Make x/);
});

test.each([
  [
    "vals = []\nfor i in y: vals.append(i)\nprint(sum(vals))",
    "empty it with vals.clear() at the start of each pass",
  ],
  [
    "vals = [1]\nvals.append(x)\nprint(sum(vals))",
    "vals.clear() at the start of each pass, before its first",
  ],
  ["vals = [a, b]\nprint(sum(vals))", "set its elements in it: vals[0] = a, and so on."],
  ["vals = [1, 2]\nprint(sum(vals))", "its elements are the same in each pass"],
  ["vals = [1, 2]\nvals[0] = x\nprint(sum(vals))", "vals[0] = 1"],
  ["vals = [f(i) for i in y]\nprint(sum(vals))", "a place for each element ([0] * n)"],
  ["vals = {}\nvals[k] = 1\nprint(len(vals))", "vals.clear() at the start of each pass; or leave its keys"],
  ["vals = {key: n}\nprint(len(vals))", "(vals[key] = n), and delete keys that are gone with del vals[key]"],
  ["vals = {'a': n, 'b': m}\nprint(len(vals))", "set its values in it: vals['a'] = n, and so on."],
  ["vals = {a, b}\nprint(len(vals))", "vals.clear() at the start of each pass, before"],
  ["vals = [0] * 8\nvals[i] = 1", "set those anew in a loop first"],
])("a collection that stays says how it is emptied: %s", (lines, text) => {
  expect(changeOf(lines)).toContain(text);
});

test.each([
  ["s = json.dumps({'t': t, 'h': h})", "(values['t'] = t, and so on), and give dumps that"],
  ["s = ','.join([a, b])", "print(…, sep=…, file=…) joins them without making a text"],
  ["x = sum([a, b])", "a + b"],
  ["x = max([a, b])", "max(a, b)"],
  ["x = any([a, b])", "a or b"],
  ["x = len([y for y in z if y])", "a loop of its own that keeps only the result"],
  ["x = sorted([y for y in z])[0]", "its method sort()"],
  ["x = sorted(self.y)[0]", "Where self.y is a list whose order may change, write self.y.sort()"],
  ["uart.write(bytes([y for y in z]))", "bytearray(n) once"],
  ["for i in list(range(8)): go(i)", "Go through range(8) itself"],
  [
    "for i in list(y): go(i)",
    "Go through y itself, without a list of it, unless the loop adds or removes its elements",
  ],
  ["x = bytes(8)\nkept.append(x)", "bytes cannot be written to, so one serves all passes"],
  ["uart.write(bytes(8))", "Make zeros = bytes(8) once"],
  ["parts = line.split(';')\ngo(parts[0])", "line.find(';')"],
  ["x = dict(a=n, b=2)\nprint(x['a'])", 'x["a"] = n, and so on.'],
  ["x = bytearray(4)\nx[0:1] = b'a'", "must be as long as that part"],
])("the advice fits what is done with it: %s", (lines, text) => {
  expect(changeOf(lines)).toContain(text);
  expect(changeOf(lines)).not.toContain("change its elements");
});

test("a view is made once, and its slices are said to allocate", () => {
  for (const lines of ["x = uart.read(64)", "x = sock.recv(64)"]) {
    expect(changeOf(lines)).toContain("view = memoryview(buf) once before the loop");
    expect(changeOf(lines)).toMatch(/view\[:n\] is what (was read|came)\. Each slice .* \(16 to 32 bytes\)/);
    expect(changeOf(lines)).not.toContain("without a copy");
  }
});

test.each([
  [
    "f.write('%d,%s\\n' % (a, b))",
    "Let print write the parts: print(int(a), ',', b, '\\n', sep=\"\", end=\"\", file=f).",
  ],
  [
    "lcd.write('%d%%' % x)",
    "Where lcd is a file, UART or socket itself, let print write the parts: print(int(x), '%', sep",
  ],
  ["uart.write('a' + str(x))", 'Let print write the parts: print(\'a\', x, sep="", end="", file=uart).'],
  ["uart.write('> ' + item[0] + str(n))", "print('> ', item[0], n, sep"],
  ["print('a' + x)", "print('a', x, sep"],
  ["uart.write(b'AT+' + x)", "Write the parts one by one with uart.write()"],
  ["uart.write(b'%d' % x)", "Write the parts one by one with uart.write()"],
  ["f.write('%.1f' % x)", "print has no width or precision"],
  ["print('%d C' % x)", "Give print the parts: print(int(x), ' C', sep=\"\")."],
  ["print('%02d' % x)", "int(x) for whole numbers"],
  ["print('a', str(h))", "Give print h itself"],
])("print is shown with its parts, and what it cannot write is said: %s", (lines, text) => {
  expect(changeOf(lines)).toContain(text);
});

test("parts of a list are gone through by number", () => {
  const change = (slice: string) =>
    sitesIn(`samples = [0] * 8\n${inLoop(`x = sum(samples[${slice}])`)}`)[0]?.change;
  expect(change("2:8")).toContain("for i in range(2, 8), with samples[i] in it");
  expect(change(":n")).toContain("range(0, n)");
  expect(change("-3:")).toContain("range(len(samples) - 3, len(samples))");
  expect(change("::2")).toContain("range(…)");
});

test("a format may have a name, and what does not change is made once", () => {
  const head = "from micropython import const\nHTML = '<p>%s</p>'\nTOPIC = const('a/%s')\nID = 'x'\n";
  const body = "send(HTML % (x,))\npublish(TOPIC % ID, x)\ny = HTML.format(x)\nz = x % y";
  const onlyWhenChanged =
    "Make the text only when what it shows has changed, or hand its parts on one by one.";
  expect(sitesIn(head + inLoop(body)).map(({ kind, change }) => [kind, change])).toEqual([
    ["format", onlyWhenChanged],
    [
      "format",
      "TOPIC and ID are assigned once in this module, so the text is the same in each pass: make it once before the loop.",
    ],
    ["format", onlyWhenChanged],
  ]);
  expect(sitesIn(`HTML = 'a'\nHTML = 5\n${inLoop("x = HTML % 3")}`)).toEqual([]);
});

test("a format with a name is cut up by hand", () => {
  const [written, printed] = sitesIn(
    `HTML = '<p>%s</p>'\n${inLoop("f.write(HTML % x)\nprint(HTML.format(x))")}`,
  );
  expect(written?.change).toMatch(
    /^Cut HTML once, by hand, .*f\.write\(part\), print\(value, end="", file=f\)/,
  );
  expect(printed?.change).toMatch(/^Cut HTML once, by hand, .*print\(part, value, part, sep=""\)/);
});

test("what a method gives back is no keeping, but a view has no such method", () => {
  expect(changeOf("x = sock.recv(64)\ny = x.split(b' ')[1]")).toMatch(
    /^Make buf .* A view has no split\(\); buf has, but it sees the bytes behind n as well\.$/,
  );
  expect(changeOf("x = sock.recv(64)\ny = x[0]")).not.toContain("A view has no");
});

test("bytes that are put together have their place in a buffer", () => {
  const [site] = sitesIn(
    inLoop("reply = data[:2] + b'\\x81' + data[4:6]\ns.sendto(reply, peer)\nkeep(reply)"),
  );
  expect(site?.title).toContain("makes a new bytes object in each pass.");
  expect(site?.change).toMatch(
    /^Only if keep\(\) does not keep it .*: make a bytearray once before the loop/,
  );
});

test("texts that a for shows can be shown in parts", () => {
  const [site, ...others] = sitesIn(
    "for item in menu:\n    lcd.text('> ' + item[0], 0, 0)\n    go('a' + item)\n    x = 'b' + item\n",
  );
  expect(site).toMatchObject({ kind: "string-building", isHot: false });
  expect(site?.change).toMatch(/^Hand its parts on one by one/);
  expect(others).toEqual([]);
});
