/** What a USB serial device is taken for, by its vendor and product id. */
export type UsbClass =
  /** Attached by itself. */
  | { readonly kind: "micropython"; readonly name: string }
  /** A USB-UART chip: anything may hang on it. Attached only when named. */
  | { readonly kind: "bridge"; readonly name: string }
  /** Never attached by itself. */
  | { readonly kind: "unknown" };

/**
 * Ids of MicroPython firmware, or of boards whose USB port is a MicroPython REPL when it is a serial port at all.
 *
 * - f055:9800 … 980a: stm32 port, one product id per mix of classes (ports/stm32/mpconfigboard_common.h). 9802 is also
 *   the default of the samd, mimxrt (Teensy 4), nrf and renesas-ra ports. 9803 is storage only.
 * - 2e8a:0005: default of the rp2 port. Other 2e8a ids name boards, which CircuitPython and Arduino use as well.
 * - 303a:4001: TinyUSB of the esp32 port (S2, S3); 303a:1001: the USB-Serial/JTAG unit of S3, C3, C6, H2.
 * - 0d28:0204: DAPLink of the micro:bit.
 * - 2341:…: product ids that Arduino keeps for MicroPython; its sketches have others.
 */
const micropython: Readonly<Record<string, string>> = {
  "f055:9800": "Pyboard",
  "f055:9801": "Pyboard",
  "f055:9802": "MicroPython board",
  "f055:9804": "Pyboard",
  "f055:9805": "Pyboard",
  "f055:9806": "Pyboard",
  "f055:9807": "Pyboard",
  "f055:9808": "Pyboard",
  "f055:9809": "Pyboard",
  "f055:980a": "Pyboard",
  "2e8a:0005": "RP2 board (Pico)",
  "303a:4001": "ESP32-S2 or S3, native USB",
  "303a:1001": "ESP32-S3, C3 or C6, native USB",
  "0d28:0204": "micro:bit",
  "2341:025e": "Arduino Nano RP2040 Connect",
  "2341:0564": "Arduino Opta",
};

const bridges: Readonly<Record<string, string>> = {
  "10c4:ea60": "CP210x",
  "10c4:ea70": "CP2105",
  "1a86:7522": "CH340",
  "1a86:7523": "CH340",
  "1a86:5523": "CH341",
  "1a86:55d3": "CH343",
  "1a86:55d4": "CH9102",
  "0403:6001": "FT232R",
  "0403:6010": "FT2232",
  "0403:6011": "FT4232",
  "0403:6014": "FT232H",
  "0403:6015": "FT231X",
  "067b:2303": "PL2303",
  "067b:23a3": "PL2303GS",
};

/** Classifies a device by its ids: four hex digits each, in any case; null where the system knows none. */
export function classifyUsb(ids: {
  readonly vendorId: string | null;
  readonly productId: string | null;
}): UsbClass {
  if (ids.vendorId === null || ids.productId === null) return { kind: "unknown" };
  const key = `${ids.vendorId}:${ids.productId}`.toLowerCase();
  const board = micropython[key];
  if (board !== undefined) return { kind: "micropython", name: board };
  const chip = bridges[key];
  return chip === undefined ? { kind: "unknown" } : { kind: "bridge", name: chip };
}
