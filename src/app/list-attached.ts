import { classifyUsb, type UsbClass } from "../board/usb-ids.ts";
import { listPorts, type SerialPortInfo } from "../transport/list-ports.ts";

export { portsFingerprint } from "../transport/list-ports.ts";

/** A serial port, what it is taken for, and what `serve` does with it. */
export interface AttachedPort extends SerialPortInfo {
  readonly kind: UsbClass["kind"];
  /** Such as "RP2 board (Pico)" or "CP210x"; null where the ids say nothing. */
  readonly name: string | null;
  /** Whether `serve` attaches it without being told. */
  readonly attach: boolean;
  /** A sentence for people: why, or why not. */
  readonly reason: string;
}

/** Every serial port of this machine. Opens none of them. */
export async function listAttached(): Promise<readonly AttachedPort[]> {
  return (await listPorts()).map(judgePort);
}

/** What heapscope makes of one port (DESIGN, decision 6). */
export function judgePort(port: SerialPortInfo): AttachedPort {
  const taken = classifyUsb(port);
  const named = `serve --port ${port.path}`;
  switch (taken.kind) {
    case "micropython":
      return {
        ...port,
        kind: taken.kind,
        name: taken.name,
        attach: true,
        reason: "serve attaches it by itself.",
      };
    case "bridge":
      return {
        ...port,
        kind: taken.kind,
        name: taken.name,
        attach: false,
        reason: `Anything can hang on a bridge, so only when named: ${named}`,
      };
    case "unknown":
      return {
        ...port,
        kind: taken.kind,
        name: null,
        attach: false,
        reason:
          port.vendorId === null
            ? `No USB device, so only when named: ${named}`
            : `Not known to be MicroPython, so only when named: ${named}`,
      };
  }
}
