import koffi from "koffi";
import type { ModemLines } from "./modem-lines.ts";

/**
 * Modem lines and HUPCL of an open serial port, by the C library the process already has loaded.
 *
 * Not by serialport: its `set` clears a break first, which kernels since 6.1.76 refuse on CDC-ACM devices without that
 * capability, most MicroPython boards among them, and then sets no line at all (serialport/node-serialport#2777). And its
 * `hupcl: false` leaves the flag as it finds it, which is set.
 */
interface Abi {
  readonly readLines: number;
  readonly writeLines: number;
  /** Where c_cflag stands in struct termios, and how it is stored. */
  readonly flagsOffset: number;
  readonly hupcl: number;
}

/** asm-generic and powerpc ioctls.h and termbits.h; sys/ttycom.h and sys/termios.h on macOS. */
const linux: Abi = { readLines: 0x5415, writeLines: 0x5418, flagsOffset: 8, hupcl: 0x400 };
const abis: Readonly<Record<string, Abi>> = {
  linux: process.arch === "ppc64" ? { ...linux, hupcl: 0x4000 } : linux,
  darwin: { readLines: 0x4004746a, writeLines: 0x8004746d, flagsOffset: 16, hupcl: 0x4000 },
};

const DTR = 0x002;
const RTS = 0x004;
/** sizeof(struct termios) is 60 with glibc and musl, 72 on macOS. */
const TERMIOS_ROOM_BYTES = 256;

const abi = abis[process.platform];
const libc = koffi.load(null);
const ioctl = libc.func("int ioctl(int fd, unsigned long request, ...)");
const tcgetattr = libc.func("int tcgetattr(int fd, _Out_ uint8_t *termios)");
const tcsetattr = libc.func("int tcsetattr(int fd, int when, const uint8_t *termios)");

/** DTR and RTS as they are; null where the port has none (a pseudo-terminal) or the system is not known. */
export function readLines(fd: number): ModemLines | null {
  const bits = abi && lineBits(fd, abi);
  return bits === undefined ? null : { dtr: (bits & DTR) !== 0, rts: (bits & RTS) !== 0 };
}

/** Sets both lines in one request. False where the port has none, which is no error. */
export function setLines(fd: number, { dtr, rts }: ModemLines): boolean {
  if (!abi) return false;
  const before = lineBits(fd, abi);
  if (before === undefined) return false;
  const bits = Int32Array.of((before & ~(DTR | RTS)) | (dtr ? DTR : 0) | (rts ? RTS : 0));
  return ioctl(fd, abi.writeLines, "int32_t *", bits) === 0;
}

/** Whether the last close of the port drops DTR and RTS. False where that cannot be set. */
export function setDropAtClose(fd: number, drop: boolean): boolean {
  if (!abi) return false;
  const termios = new Uint8Array(TERMIOS_ROOM_BYTES);
  if (tcgetattr(fd, termios) !== 0) return false;
  const flags = new Uint32Array(termios.buffer, abi.flagsOffset, 1);
  flags[0] = drop ? (flags[0] ?? 0) | abi.hupcl : (flags[0] ?? 0) & ~abi.hupcl;
  return tcsetattr(fd, 0, termios) === 0;
}

function lineBits(fd: number, { readLines }: Abi): number | undefined {
  const bits = new Int32Array(1);
  return ioctl(fd, readLines, "_Out_ int32_t *", bits) === 0 ? bits[0] : undefined;
}
