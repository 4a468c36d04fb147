import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { frozenModules, isFrozen } from "../../src/python/frozen.ts";
import { helperFolder } from "../firmware-helpers/python.ts";

const file = (path: string) => ({ kind: "file", path });
const folder = (path: string) => ({ kind: "folder", path });

test("modules, packages and scripts of folders are told with their paths", () => {
  expect(
    frozenModules(`
module("a.py")
module("b.py", base_path="./lib/", opt=3)
package("umqtt")
package("net", ("tcp.py", "udp.py"), base_path="lib")
freeze("drivers", "oled.py")
freeze("drivers", ("c.py", "sub/d.py"))
freeze_as_mpy("all", opt=3)
freeze(".")
`),
  ).toEqual([
    file("a.py"),
    file("lib/b.py"),
    folder("umqtt"),
    file("lib/net/tcp.py"),
    file("lib/net/udp.py"),
    file("drivers/oled.py"),
    file("drivers/c.py"),
    file("drivers/sub/d.py"),
    folder("all"),
    folder(""),
  ]);
});

test("what no literal says, and what is elsewhere, is left out", () => {
  const text =
    'include("x.py")\nrequire("y")\nfreeze("$(PORT_DIR)/modules")\nfreeze(here)\nmodule(a)\nmodule("b.py", base_path=c)\n';
  expect(frozenModules(text)).toEqual([]);
});

test("a file is frozen by its path or by a folder above it", () => {
  const frozen = frozenModules('module("a.py")\npackage("net")\n');
  expect(
    ["a.py", "./a.py", "net/x/y.py", "b.py", "net.py", "lib/a.py"].map((path) => isFrozen(frozen, path)),
  ).toEqual([true, true, true, false, false, false]);
  expect(isFrozen(frozenModules('freeze("")'), "any/thing.py")).toBe(true);
});

test("the manifest of the helpers is read", () => {
  expect(frozenModules(readFileSync(`${helperFolder}/manifest.py`, "utf8"))).toEqual([file("heapscope.py")]);
});
