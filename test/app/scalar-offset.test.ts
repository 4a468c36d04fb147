import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { offsetInScalar } from "../../src/app/scalar-offset.ts";

const rule = "freeBytes < 4 KiB for 3 weeks";

/** What stands in the YAML text where the value says `word`. */
function found(yaml: string, word: string, pointer = "/when"): string | undefined {
  const document = parseDocument(yaml);
  const value = String(document.toJS().when);
  const offset = offsetInScalar(document, pointer, yaml, value.indexOf(word));
  return offset === undefined ? undefined : yaml.slice(offset, offset + word.length);
}

test.each([
  ["plain", `when: ${rule}`],
  ["plain, after a comment", `# why\nwhen:   ${rule} # because`],
  ["plain, over two lines", "when: freeBytes < 4 KiB\n  for 3 weeks"],
  ["single quotes", `when: '${rule}'`],
  ["double quotes", `when: "${rule}"`],
  ["double quotes with escapes", 'when: "freeBytes\\t< \\x34 K\\u0069B for 3 weeks"'],
  ["double quotes over two lines", 'when: "freeBytes < 4 KiB\n  for 3 weeks"'],
  ["double quotes that join two lines", 'when: "freeBytes < 4 KiB \\\n  for 3 weeks"'],
  ["a folded block", "when: >-\n  freeBytes < 4 KiB\n  for 3 weeks\n"],
  ["a literal block", "when: |\n    freeBytes < 4 KiB\n    for 3 weeks\n"],
  ["an alias", `other: &r ${rule}\nwhen: *r`],
  ["Windows lines", `other: 1\r\nwhen: ${rule}\r\n`],
])("finds a character in a text that is written as %s", (_way, yaml) => {
  expect(found(yaml, "weeks")).toBe("weeks");
  expect(found(yaml, "freeBytes")).toBe("freeBytes");
});

test("the end of the text is where its last character ends", () => {
  for (const [yaml, end] of [
    ["when: freeBytes <\nname: x", 17],
    ['when: "freeBytes <"', 18],
    ["when: 'freeBytes <'", 18],
  ] as const)
    expect(offsetInScalar(parseDocument(yaml), "/when", yaml, 11)).toBe(end);
});

test("where there is no text, nothing is found", () => {
  for (const yaml of ["when: [1]", "when: {a: b}", "other: x"])
    expect(offsetInScalar(parseDocument(yaml), "/when", yaml, 0)).toBeUndefined();
  expect(offsetInScalar(parseDocument("when: x"), "/when", "when: x", 9)).toBeUndefined();
});

test("in quotes, every character is found where it is written", () => {
  const text = fc.string({ unit: fc.constantFrom(..."ab <>='\"\\%#:"), minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(text, fc.boolean(), fc.nat(29), (value, isSingle, at) => {
      const index = at % value.length;
      const quoted = isSingle ? `'${value.replaceAll("'", "''")}'` : JSON.stringify(value);
      const yaml = `x: 1\nwhen: ${quoted}`;
      const offset = offsetInScalar(parseDocument(yaml), "/when", yaml, index);
      const character =
        yaml[offset ?? -1] === "\\" && !isSingle ? yaml[(offset ?? 0) + 1] : yaml[offset ?? -1];
      expect(character).toBe(value[index]);
    }),
    { numRuns: 500 },
  );
});
