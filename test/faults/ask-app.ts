import { openSerialClient } from "../support/serial-client.ts";
import type { Bench } from "./bench.ts";

/** Ends watching, stops the application and asks it for the values of `names`. */
export async function askApp(bench: Bench, names: readonly string[]): Promise<readonly number[]> {
  await bench.unwatch();
  const client = await openSerialClient(bench.board.path);
  try {
    await client.ask("\x03", ">>> ");
    const asked = await client.ask(`print(${names.join(", ")}, "end")\r`, "end\r\n");
    const [, values = ""] = /([\d ]+) end\r\n$/.exec(asked) ?? [];
    return values.trim().split(" ").map(Number);
  } finally {
    await client.close();
  }
}
