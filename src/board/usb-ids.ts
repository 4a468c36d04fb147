/** What a USB serial device is taken for, by its vendor and product id. */
export type UsbClass =
  /** Attached by itself. */
  | { readonly kind: "micropython"; readonly name: string }
  /** A USB-UART chip or debug probe: anything may hang on it. Attached only when named. */
  | { readonly kind: "bridge"; readonly name: string }
  /** Never attached by itself. */
  | { readonly kind: "unknown" };

/**
 * Ids that MicroPython has to itself, with the file that says so (paths are of micropython/micropython). The ids of most
 * makers' boards are not here, as CircuitPython, Arduino and the SDK use the same ones (2e8a:1xxx, 239a, 1b4f, 2886, 303a:8xxx).
 *
 * Three rows are weaker than the rest, and here because nearly always right; where they are not, heapscope has sent `\r\x01`
 * and calls the board foreign. `autoAttach: false` turns them off with all others.
 * - 303a:1001 is the unit in the chip, whatever program runs. 303a:4001 is what Espressif's TinyUSB calls any serial port.
 * - 0d28:0204 with a micro:bit's serial number: the board is certain, its program is not.
 */
const micropython: Readonly<Record<string, string>> = {
  // ports/stm32/mpconfigboard_common.h: one per mix of classes; 9803 is storage alone. 9802 is also the default of samd,
  // mimxrt (Teensy 4, NXP EVK, Metro M7), nrf and renesas-ra (their mpconfigport.h; nrf: drivers/usb/usb_descriptors.c).
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
  // raspberrypi/usb-pid, Readme.md: "Raspberry Pi Pico MicroPython firmware (CDC)"; the default of ports/rp2.
  "2e8a:0005": "RP2 board (Pico)",
  // Espressif; see above.
  "303a:4001": "ESP32-S2 or S3, native USB",
  "303a:1001": "ESP32-S3, C3, C6 or H2, native USB",
  // ports/*/boards/ARDUINO_*/mpconfigboard.h. Arduino's sketches and bootloaders have other ids (its MicroPython installer
  // lists all of a board's).
  "2341:025a": "Arduino Nano 33 BLE",
  "2341:025e": "Arduino Nano RP2040 Connect",
  "2341:0468": "Arduino Portenta C33",
  "2341:055b": "Arduino Portenta H7",
  "2341:055f": "Arduino Nicla Vision",
  "2341:0564": "Arduino Opta",
  "2341:0566": "Arduino Giga R1",
  "2341:056b": "Arduino Nano ESP32",
  // ports/mimxrt/boards/OLIMEX_RT1010/mpconfigboard.h
  "15ba:0046": "Olimex RT1010-Py",
  // The stm32 boards of openmv/micropython.
  "1209:abd1": "OpenMV Cam",
};

const bridges: Readonly<Record<string, string>> = {
  // Linux, drivers/usb/serial/cp210x.c
  "10c4:ea60": "CP210x",
  "10c4:ea61": "CP210x",
  "10c4:ea63": "CP210x",
  "10c4:ea70": "CP2105",
  "10c4:ea71": "CP2108",
  "10c4:ea7a": "CP2105",
  "10c4:ea7b": "CP2108",
  // Linux, drivers/usb/serial/ch341.c; WCHSoftGroup/ch343ser_linux, driver/ch343.c
  "1a86:5523": "CH341",
  "1a86:7522": "CH340",
  "1a86:7523": "CH340",
  "4348:5523": "CH341",
  "1a86:55d2": "CH342",
  "1a86:55d3": "CH343",
  "1a86:55d4": "CH9102",
  "1a86:55d5": "CH344",
  "1a86:55d7": "CH9103",
  "1a86:55d8": "CH9101",
  "1a86:55d9": "CH348",
  "1a86:55da": "CH347",
  "1a86:55db": "CH347",
  "1a86:55dd": "CH347",
  "1a86:55de": "CH347",
  "1a86:55df": "CH9104",
  // Linux, drivers/usb/serial/ftdi_sio_ids.h
  "0403:6001": "FT232R",
  "0403:6010": "FT2232",
  "0403:6011": "FT4232",
  "0403:6014": "FT232H",
  "0403:6015": "FT231X",
  // Linux, drivers/usb/serial/pl2303.h
  "067b:2303": "PL2303",
  "067b:2304": "PL2303TB",
  "067b:23a3": "PL2303GC",
  "067b:23b3": "PL2303GB",
  "067b:23c3": "PL2303GT",
  "067b:23d3": "PL2303GL",
  "067b:23e3": "PL2303GE",
  "067b:23f3": "PL2303GS",
  // Microchip
  "04d8:00dd": "MCP2221",
  "04d8:00df": "MCP2200",
  // Debug probes with a serial port: Cypress KitProg3 (ports/psoc6), OpenOCD's stlink_usb.c, raspberrypi/usb-pid
  "04b4:f155": "KitProg3",
  "0483:374b": "ST-LINK/V2-1",
  "0483:3752": "ST-LINK/V2-1",
  "0483:374e": "STLINK-V3",
  "0483:374f": "STLINK-V3",
  "0483:3753": "STLINK-V3",
  "0483:3754": "STLINK-V3",
  "2e8a:0004": "Picoprobe",
  "2e8a:000c": "Raspberry Pi Debug Probe",
};

/** ARMmbed/DAPLink: many makers' boards. Its serial number begins with the board's: microbit.c, microbitv2/board_id.h. */
const DAPLINK = "0d28:0204";
const MICRO_BIT = /^99\d\d/;

/**
 * Classifies a device by its ids: four hex digits each, in any case; null where the system knows none. The serial number
 * tells a micro:bit from other boards with the same debug chip; without it, it is taken for one.
 */
export function classifyUsb(ids: {
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber?: string | null;
}): UsbClass {
  if (ids.vendorId === null || ids.productId === null) return { kind: "unknown" };
  const key = `${ids.vendorId}:${ids.productId}`.toLowerCase();
  if (key === DAPLINK) {
    return MICRO_BIT.test(ids.serialNumber ?? "9900")
      ? { kind: "micropython", name: "micro:bit" }
      : { kind: "bridge", name: "DAPLink" };
  }
  const board = micropython[key];
  if (board !== undefined) return { kind: "micropython", name: board };
  const chip = bridges[key];
  return chip === undefined ? { kind: "unknown" } : { kind: "bridge", name: chip };
}
