import type { PortKind } from "./modem-lines.ts";

/** Why a port is no longer open. */
export type CloseReason =
  | { readonly kind: "closed" }
  /** The device was unplugged, the other side hung up, or the system reported an error. */
  | { readonly kind: "vanished"; readonly reason: string };

/** An open byte stream in both directions. Whoever opened it closes it. */
export interface Port {
  /** The URL it was opened by. */
  readonly url: string;
  /** Sets the one receiver of bytes. Nothing is read before the first call, so nothing is lost. */
  listen(onBytes: (bytes: Uint8Array) => void): void;
  /** Resolves when the system has taken the bytes; rejects with `port-vanished`. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves, never rejects, when the port is closed from either side. */
  readonly closed: Promise<CloseReason>;
  /** Closes it; twice does no harm. Resolves when the system has let go of it. */
  close(): Promise<void>;
}

export interface PortOptions {
  /** Serial only. USB devices and pseudo-terminals ignore it. */
  readonly baudRate: number;
  /** Serial only: modem lines to set after opening. Absent: what is best for `kind`. */
  readonly dtr?: boolean;
  readonly rts?: boolean;
  /** Serial only: what hangs on the port, where that is known; see modem-lines. Default "unknown". */
  readonly kind?: PortKind;
  /** Serial only: the USB device must have this serial number, where it has one and the system tells. */
  readonly serialNumber?: string;
}

/** 115200 is MicroPython's own default for UART REPLs. */
export const defaultPortOptions: PortOptions = { baudRate: 115200 };

export type PortAddress =
  | { readonly kind: "serial"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number };
