import { type Callable, callableNamed } from "../../python/parameters.ts";
import type { ApplicationModule } from "./application.ts";

/**
 * What a parameter of that name is likely to be. An argument of the wrong kind raises, and then nothing is claimed.
 */
const likely: readonly (readonly [RegExp, string])[] = [
  [/i2c|bus/i, "__import__('machine').I2C(0)"],
  [/spi/i, "__import__('machine').SPI(0)"],
  [/uart|serial/i, "__import__('machine').UART(0)"],
  [/sock|conn|client/i, "__import__('socket').socket()"],
  [/adc/i, "__import__('machine').ADC(0)"],
  [/pin|led|button|cs$|dc$|rst$|reset$/i, "__import__('machine').Pin(0)"],
  [/buf|data|payload|frame|packet|values|samples/i, "bytearray(64)"],
  [/text|name|msg|message|topic|line|path|url|ssid|password|key/i, '"text"'],
  [/callback|handler|func|^cb$/i, "(lambda *args: None)"],
];

const argumentFor = (name: string): string => likely.find(([pattern]) => pattern.test(name))?.[1] ?? "1";

/** Python that calls a function of an importable module with stand-in arguments; null where that cannot be written. */
export function directCall({ module, parsed }: ApplicationModule, functionName: string): string | null {
  const callable = callableNamed(parsed, functionName);
  if (callable === null) return null;
  const name = functionName.split(".").at(-1) ?? "";
  const owner = ownerText(module, callable);
  const call = `${owner}.${name}(${callable.required.map(argumentFor).join(", ")})`;
  if (!callable.isAsync) return `import ${module}\n${call}`;
  return `import ${module}, asyncio\nasyncio.run(${call})`;
}

function ownerText(module: string, { owner }: Callable): string {
  return owner === null ? module : `${module}.${owner.name}(${owner.required.map(argumentFor).join(", ")})`;
}
