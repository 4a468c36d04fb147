import { expect, test } from "vitest";
import { moduleName, sourcesOf } from "../../../src/advice/files/application.ts";
import { filesOf, withForm } from "../../../src/advice/files/forms.ts";
import { applicationFrom, moduleIn } from "./support.ts";

test.each([
  ["/wifi.py", "wifi"],
  ["/lib/ssd1306.py", "ssd1306"],
  ["/lib/ssd1306.mpy", "ssd1306"],
  ["/lib/umqtt/simple.py", "umqtt.simple"],
  ["/umqtt/__init__.py", "umqtt"],
  ["/lib/umqtt/__init__.mpy", "umqtt"],
  ["/app/lib/net.py", "app.lib.net"],
])("%s is imported as %s", (path, name) => {
  expect(moduleName(path)).toBe(name);
});

test("main.py and boot.py of the root are started, others of that name imported; data is neither", () => {
  const application = applicationFrom({
    "boot.py": "",
    "main.py": "import app.main\n",
    "app/main.py": "",
    "index.html": "<p>",
    "tool.mpy": "M",
  });
  expect(application.main?.path).toBe("/main.py");
  expect(application.boot?.path).toBe("/boot.py");
  expect(application.modules.map(({ module }) => module)).toEqual(["app.main"]);
  expect(sourcesOf(application).map(({ name }) => name)).toEqual(["boot.py", "main.py", "app/main.py"]);
  expect(application.files).toHaveLength(5);
});

test("a manifest says what is frozen, and is no module itself", () => {
  const { modules } = applicationFrom({
    "manifest.py": 'module("wifi.py")\npackage("sensors")\nfreeze("$(PORT_DIR)/modules")\n',
    "wifi.py": "",
    "sensors/__init__.py": "",
    "sensors/bme.py": "",
    "plain.py": "",
  });
  expect(Object.fromEntries(modules.map(({ module, isFrozen }) => [module, isFrozen]))).toEqual({
    wifi: true,
    sensors: true,
    "sensors.bme": true,
    plain: false,
  });
});

test("a compiled file counts as shadowed only beside the source of the same name", () => {
  const application = applicationFrom({ "lib/a.py": "", "lib/a.mpy": "M", "b.py": "", "lib/b.mpy": "M" });
  expect(moduleIn(application, "lib/a.py").shadows).toBe("lib/a.mpy");
  expect(moduleIn(application, "b.py").shadows).toBeNull();
});

test("the board gets what is frozen as bytecode, no manifest, and the rest as it is", () => {
  const application = applicationFrom({
    "manifest.py": 'module("a.py")\n',
    "a.py": "A = 1\n",
    "b.py": "B = 1\n",
    "c.txt": "c",
  });
  const board = filesOf(application, new Map([["/a.py", Buffer.from("code of a")]]));
  expect(Object.entries(board).map(([path, content]) => [path, String(content)])).toEqual([
    ["/a.mpy", "code of a"],
    ["/b.py", "B = 1\n"],
    ["/c.txt", "c"],
  ]);
});

test("a module in another form is there in that form only", () => {
  const application = applicationFrom({ "a.py": "A = 1\n", "a.mpy": "old", "b.py": "B = 1\n" });
  const module = moduleIn(application, "a.py");
  const files = filesOf(application, new Map());
  const compiled = withForm(files, module, { kind: "compiled", bytes: Buffer.from("new") });
  expect(Object.entries(compiled).map(([path, content]) => [path, String(content)])).toEqual([
    ["/b.py", "B = 1\n"],
    ["/a.mpy", "new"],
  ]);
  expect(withForm(files, module, { kind: "source", text: "A = 2\n" })).toEqual({
    "/b.py": Buffer.from("B = 1\n"),
    "/a.py": "A = 2\n",
  });
});
