/** Threads never begin: what they would do at the same time cannot be measured block by block. */
const thread = `
class LockType:
    def __init__(self):
        self._held = False

    def acquire(self, wait=1, timeout=-1):
        if self._held:
            return False
        self._held = True
        return True

    def release(self):
        self._held = False

    def locked(self):
        return self._held

    def __enter__(self):
        self._held = True
        return True

    def __exit__(self, type, value, traceback):
        self._held = False


def allocate_lock():
    return LockType()


def start_new_thread(function, args, kwargs=None):
    return 2


def get_ident():
    return 1


def stack_size(size=0):
    return 4096


def exit():
    raise SystemExit
`;

/** `os` with what boards have beside files. */
const os = `
from uos import *


def urandom(n):
    return bytes(n)


def uname():
    return ("board", "board", "1.0.0", "v1.0.0", "stand-in")


def dupterm(stream, index=0):
    pass


def sync():
    pass
`;

/** The interpreter's own \`micropython\` and what it leaves out. Takes its place by \`standInSetup\`. */
const micropython = `
from micropython import *


def alloc_emergency_exception_buf(size):
    pass


def heap_locked():
    return 0


def mem_current():
    import gc

    return gc.mem_alloc()


mem_total = mem_peak = mem_current
`;

const cryptolib = `
class aes:
    def __init__(self, key, mode, iv=None):
        pass

    def encrypt(self, data, out=None):
        return bytes(len(data)) if out is None else out

    decrypt = encrypt
`;

/** By path in the folder of the stand-ins. */
export const systemStandIns = {
  "_thread.py": thread,
  "os.py": os,
  "_micropython.py": micropython,
  "cryptolib.py": cryptolib,
  "ucryptolib.py": "from cryptolib import *\n",
} as const;
