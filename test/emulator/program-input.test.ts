import { describe, expect, test } from "vitest";
import type { SerialClient } from "../support/serial-client.ts";
import { boardOnCable, rawBanner, runRaw } from "./board-on-cable.ts";

const bundled = "@micropython/micropython-webassembly-pyscript";

async function atRawPrompt(interpreter: string = bundled): Promise<SerialClient> {
  const { client } = await boardOnCable({ app: null, interpreter });
  await client.ask("\r\x01", rawBanner);
  return client;
}

describe.each(["micropython-1.23", bundled])("with %s", (interpreter) => {
  test("input() prompts, echoes, and gives the line", async () => {
    const client = await atRawPrompt(interpreter);
    await client.ask("print(repr(input('name? ')))\x04", "OKname? ");
    expect(await client.ask("J\x7fKim\r", "\x04>")).toBe("J\b\x1b[KKim\r\n'Kim'\r\n\x04\x04>");
  });

  test("at an empty input(), Ctrl-A is an answer, Ctrl-D is EOFError, and Ctrl-C interrupts", async () => {
    const client = await atRawPrompt(interpreter);
    await client.ask("print(repr(input()))\x04", "OK");
    expect(await client.ask("\x01", "\x04>")).toBe("''\r\n\x04\x04>");
    await client.ask("input()\x04", "OK");
    expect(await client.ask("\x04", "\x04>")).toContain("EOFError: ");
    await client.ask("import micropython\nmicropython.kbd_intr(3)\ninput()\x04", "OK");
    expect(await client.ask("\x03", "\x04>")).toContain("KeyboardInterrupt: ");
    expect(await runRaw(client, "print(1)")).toEqual(["1\r\n", ""]);
  });

  test("sys.stdin reads and select.poll looks; CR comes as LF", async () => {
    const client = await atRawPrompt(interpreter);
    const program = `import sys, select
p = select.poll()
p.register(sys.stdin, select.POLLIN)
print('none', p.poll(0))
print('some', len(p.poll(5000)))
print(repr(sys.stdin.read(1)), repr(sys.stdin.read(1)))
`;
    await client.ask(`${program}\x04`, "none []\r\n");
    expect(await client.ask("x\r", "\x04>")).toBe("some 1\r\n'x' '\\n'\r\n\x04\x04>");
    await client.ask("import sys\nsys.stdin.read(1)\x04", "OK");
    expect(await client.ask("\x03", "\x04>")).toContain("KeyboardInterrupt");
  });
});

test("what a program leaves unread is read by the REPL afterwards", async () => {
  const client = await atRawPrompt();
  await client.ask("import time\nprint('a', end='')\ntime.sleep_ms(200)\nprint(input())\x04", "OKa");
  expect(await client.ask("line\rprint(2)\x04", "\x04>")).toBe("line\r\nline\r\n\x04\x04>");
  expect(await client.waitFor("\x04>")).toBe("OK2\r\n\x04\x04>");
});

test("a program that reads nothing cannot lose what is typed meanwhile", async () => {
  const client = await atRawPrompt();
  await client.ask("import time\ntime.sleep_ms(200)\x04", "OK");
  expect(await client.ask("print(7)\x04", "OK7\r\n")).toBe("\x04\x04>OK7\r\n");
});
