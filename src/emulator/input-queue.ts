/** What the host sent and neither the REPL nor a program has taken yet. */
export interface InputQueue {
  readonly length: number;
  push(byte: number): void;
  take(): number | undefined;
  clear(): void;
}

export function createInputQueue(): InputQueue {
  let bytes: number[] = [];
  let taken = 0;
  return {
    get length() {
      return bytes.length - taken;
    },
    push: (byte) => {
      bytes.push(byte);
    },
    take() {
      const byte = bytes[taken];
      if (byte === undefined) return undefined;
      taken++;
      if (taken === bytes.length) {
        bytes = [];
        taken = 0;
      }
      return byte;
    },
    clear() {
      bytes = [];
      taken = 0;
    },
  };
}
