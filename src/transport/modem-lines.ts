/**
 * What hangs on a serial port, as far as the modem lines DTR and RTS are concerned.
 *
 * - `native`: the board's own USB. DTR tells its firmware that somebody listens.
 * - `bridge`: a USB-UART chip, whose DTR and RTS may be wired to the board's reset and boot pins.
 * - `unknown`: anything else. Nothing is changed unasked.
 */
export type PortKind = "native" | "bridge" | "unknown";

/** true = asserted (low on the wire). */
export interface ModemLines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/** What is asked for by name; absent = the kind of port decides. */
export interface LineWishes {
  readonly dtr?: boolean | undefined;
  readonly rts?: boolean | undefined;
}

/** Linux and macOS assert both at opening; there is no way to open a port without. */
const AFTER_OPENING: ModemLines = { dtr: true, rts: true };

/**
 * The states to go through after opening, in order; none = leave the lines alone.
 *
 * The auto-reset circuit of ESP boards, and the same logic inside Espressif's USB unit, reads: both asserted or both
 * clear = run; RTS alone = reset; DTR alone = boot mode at the next reset (Espressif's "Auto program" table,
 * ESP8684-DevKitC schematic; esptool/reset.py). So:
 *
 * - A line that nobody names follows the other: only who names both gets them different.
 * - RTS is cleared first and asserted last. On the way there is DTR alone, which a running chip does not heed, never RTS
 *   alone, also where a chip does not move both pins in the same instant.
 * - Native USB: both asserted, said once more, as firmware without DTR sends nothing (tud_cdc_connected in MicroPython's
 *   shared/tinyusb).
 * - Bridges: both stay asserted, as opening left them. A CP2102C with DTR clear pulls RTS when bytes arrive, which would
 *   be a reset (esptool, CP2102CReset).
 */
export function lineSteps(kind: PortKind, { dtr, rts }: LineWishes): readonly ModemLines[] {
  const wanted = { dtr: dtr ?? rts ?? true, rts: rts ?? dtr ?? true };
  if (kind !== "native" && dtr === undefined && rts === undefined) return [];
  const between = { dtr: AFTER_OPENING.dtr, rts: wanted.rts };
  return wanted.dtr === between.dtr ? [wanted] : [between, wanted];
}

/**
 * Whether DTR and RTS drop when the port is closed (HUPCL). On native USB they must: a board that believes somebody listens
 * waits up to 500 ms in each print (MICROPY_HW_USB_CDC_TX_TIMEOUT). On a bridge they stay, so that neither closing nor the
 * next opening is an edge that a board could take for a reset. null = as the system has it.
 */
export function dropsAtClose(kind: PortKind): boolean | null {
  return kind === "unknown" ? null : kind === "native";
}
