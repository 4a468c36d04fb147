/**
 * What the emulator uses of `@micropython/micropython-webassembly-pyscript`, which brings no types of its own. Seen to
 * hold for its releases 1.23.0, 1.24.1, 1.25.0, 1.26.0 and 1.27.0.
 */
export type LoadMicroPython = (options: {
  readonly heapsize: number;
  readonly linebuffer: false;
  readonly stdout: (bytes: Uint8Array) => void;
  readonly stderr?: (bytes: Uint8Array) => void;
}) => Promise<MicroPython>;

export interface MicroPython {
  readonly _module: {
    _malloc(bytes: number): number;
    _free(address: number): void;
    _mp_sched_keyboard_interrupt(): void;
    _mp_hal_get_interrupt_char(): number;
  };
  readonly FS: EmscriptenFiles;
  readonly globals: {
    get(name: string): unknown;
    delete(name: string): void;
  };
  registerJsModule(name: string, module: object): void;
  pyimport(name: "micropython"): MicroPythonModule;
  runPython(code: string): unknown;
  replInit(): void;
  /** 0, or 0x100 (PYEXEC_FORCED_EXIT) when a soft reset is asked for. */
  replProcessChar(byte: number): number;
}

/** The module `micropython`, held by JavaScript. */
export interface MicroPythonModule {
  /** Sets the byte that interrupts a running program; -1: none. */
  kbd_intr(byte: number): void;
}

export interface EmscriptenFiles {
  mkdirTree(path: string): void;
  rmdir(path: string): void;
  writeFile(path: string, data: Uint8Array | string): void;
  analyzePath(path: string): { readonly exists: boolean };
  /** With "." and "..". */
  readdir(path: string): readonly string[];
  readFile(path: string): Uint8Array;
  stat(path: string): { readonly mode: number };
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  /** Of an open file descriptor. */
  getStream(fd: number): { stream_ops: StreamOperations };
  readonly ErrnoError: new (errno: number) => Error;
}

/** How Emscripten reads a file; `poll` gives the poll(2) events that are there. */
export interface StreamOperations {
  read(stream: unknown, buffer: Int8Array, offset: number, length: number): number;
  poll?(): number;
}
