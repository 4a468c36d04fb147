import { expect, test } from "vitest";
import { escaped, junitXml } from "../../../src/app/soak/junit.ts";

test("each check is a test case, with its sentence where it did not pass", () => {
  const xml = junitXml({
    name: "heapscope soak: a <b> & 'c'.py",
    startedAt: "2026-11-27T12:00:00.000Z",
    seconds: 600.5,
    checks: [
      { name: "growth", state: "failed", sentence: 'It "grows" by 3 < 4.' },
      { name: "restarts", state: "passed", sentence: "None." },
      { name: "baseline-live", state: "unknown", sentence: "No entry." },
    ],
    notes: ["Look at lists."],
  });
  expect(xml.split("\n")).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites tests="3" failures="1" errors="1" time="600.500">',
    '  <testsuite name="heapscope soak: a &lt;b&gt; &amp; &apos;c&apos;.py" timestamp="2026-11-27T12:00:00.000Z" skipped="0" tests="3" failures="1" errors="1" time="600.500">',
    '    <testcase classname="heapscope.soak" name="live memory does not grow" time="0">',
    '      <failure type="growth" message="It &quot;grows&quot; by 3 &lt; 4.">It &quot;grows&quot; by 3 &lt; 4.</failure>',
    "    </testcase>",
    '    <testcase classname="heapscope.soak" name="the board does not restart" time="0">',
    "      <system-out>None.</system-out>",
    "    </testcase>",
    '    <testcase classname="heapscope.soak" name="live memory is as in the baseline" time="0">',
    '      <error type="unmeasured" message="No entry.">No entry.</error>',
    "    </testcase>",
    "    <system-out>Look at lists.</system-out>",
    "  </testsuite>",
    "</testsuites>",
    "",
  ]);
});

test("what XML cannot hold is replaced, and the rest kept", () => {
  expect(escaped("a\x00\x1b[1m\ud800é😀\ufffe]]>")).toBe("a\ufffd\ufffd[1m\ufffdé😀\ufffd]]&gt;");
  expect(escaped("a\n\tb")).toBe("a&#10;&#9;b");
});
