import { closeSync, constants, openSync } from "node:fs";
import koffi from "koffi";

/**
 * Pseudo-terminals and a few other calls Node does not have, from the C library the process already has loaded.
 * The values below are the same on Linux and macOS unless said.
 */
const libc = koffi.load(null);
const posixOpenpt = libc.func("int posix_openpt(int flags)");
const grantpt = libc.func("int grantpt(int fd)");
const unlockpt = libc.func("int unlockpt(int fd)");
const ptsname = libc.func("const char *ptsname(int fd)");
const tcgetattr = libc.func("int tcgetattr(int fd, _Out_ uint8_t *termios)");
const tcsetattr = libc.func("int tcsetattr(int fd, int when, const uint8_t *termios)");
const cfmakeraw = libc.func("void cfmakeraw(_Inout_ uint8_t *termios)");
const poll = libc.func("int poll(_Inout_ uint8_t *fds, unsigned long count, int timeoutMs)");

/** sizeof(struct termios) is 60 with glibc and musl, 72 on macOS. */
const termiosRoomBytes = 256;
const pollIn = 0x01;
const pollOut = 0x04;
const pollFdBytes = 8;
const pollRecord = Buffer.alloc(2 * pollFdBytes);

/** A pseudo-terminal: the board writes and reads `masterFd`, a client opens `path`. */
export interface Pty {
  readonly masterFd: number;
  readonly path: string;
  /**
   * Our own open slave end. Without it the master gets EIO while no client is there, and the raw setting would
   * go when the last client closes. Nobody reads it.
   */
  readonly keeperFd: number;
}

/** Opens a pseudo-terminal that is 8-bit clean and echoes nothing. Its master end does not block. */
export function openPty(): Pty {
  const masterFd: number = posixOpenpt(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (masterFd < 0) throw new Error("posix_openpt failed: no pseudo-terminal is to be had");
  try {
    if (grantpt(masterFd) !== 0 || unlockpt(masterFd) !== 0) throw new Error("grantpt or unlockpt failed");
    const path: unknown = ptsname(masterFd);
    if (typeof path !== "string") throw new Error("ptsname gave no name");
    const keeperFd = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    const termios = new Uint8Array(termiosRoomBytes);
    if (tcgetattr(keeperFd, termios) !== 0) throw new Error(`tcgetattr failed on ${path}`);
    cfmakeraw(termios);
    if (tcsetattr(keeperFd, 0, termios) !== 0) throw new Error(`tcsetattr failed on ${path}`);
    return { masterFd, path, keeperFd };
  } catch (error) {
    closeSync(masterFd);
    throw error;
  }
}

/** Which of the two descriptors has something to read, and whether `firstFd` takes more output. */
export interface Polled {
  readonly firstReadable: boolean;
  readonly firstWritable: boolean;
  readonly secondReadable: boolean;
}

/**
 * Blocks this thread until one of the descriptors is ready, `timeoutMs` at most (0: just looks). Hangups and
 * errors count as readable: the read tells. A negative descriptor is not looked at.
 */
export function pollTwo(firstFd: number, secondFd: number, wantWrite: boolean, timeoutMs: number): Polled {
  pollRecord.writeInt32LE(firstFd, 0);
  pollRecord.writeInt16LE(wantWrite ? pollIn | pollOut : pollIn, 4);
  pollRecord.writeInt16LE(0, 6);
  pollRecord.writeInt32LE(secondFd, pollFdBytes);
  pollRecord.writeInt16LE(pollIn, pollFdBytes + 4);
  pollRecord.writeInt16LE(0, pollFdBytes + 6);
  poll(pollRecord, 2, Math.max(0, Math.ceil(timeoutMs)));
  const first = pollRecord.readInt16LE(6);
  const second = pollRecord.readInt16LE(pollFdBytes + 6);
  return {
    firstReadable: (first & ~pollOut) !== 0,
    firstWritable: (first & pollOut) !== 0,
    secondReadable: second !== 0,
  };
}

/**
 * Has the kernel kill this process when the thread that started it ends, however that ends (Linux only). A
 * Python `while True: pass` never looks at any pipe, so nothing else would end it.
 */
export function dieWithParent(): void {
  if (process.platform !== "linux") return;
  const setParentDeathSignal = 1; // PR_SET_PDEATHSIG, linux/prctl.h
  const sigkill = 9;
  libc.func("int prctl(int option, unsigned long value)")(setParentDeathSignal, sigkill);
}
