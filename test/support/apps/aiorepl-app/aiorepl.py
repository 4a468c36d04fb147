"""Looks like micropython-lib's aiorepl to whoever is at the other end of the cable; the code is heapscope's own.

As there: the prompt "--> "; Ctrl-A enters a raw mode that stands the asyncio loop still until Ctrl-B (the versions whose
raw mode awaits its input let the loop run between bytes); a program that raises is printed before its traceback; nothing
there resets the board; Ctrl-C interrupts a line typed at the prompt while that runs, and is a byte like any other
elsewhere, except in raw-paste, where KeyboardInterrupt ends the whole loop.

Missing: history, moving the cursor, paste mode, `await` at the prompt.
"""

import micropython
import sys
from asyncio import core
from time import ticks_diff, ticks_ms

HEADING = "raw REPL; CTRL-B to exit\n"
CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E = range(1, 6)

write = sys.stdout.write
_read_into = sys.stdin.buffer.readinto
_byte = bytearray(1)


def _next_byte():
    """Blocks. One buffer for all: this port collects no garbage while a program runs."""
    _read_into(_byte)
    return _byte[0]


async def task(g=None, prompt="--> "):
    print("Starting asyncio REPL...")
    if g is None:
        g = __import__("__main__").__dict__
    micropython.kbd_intr(-1)
    try:
        line_feed_at = None
        while True:
            write(prompt)
            line = ""
            while True:
                core._io_queue.queue_read(sys.stdin)
                yield
                byte = _next_byte()
                if byte == 0x0A:
                    # A host's CRLF arrives as two of them.
                    before, line_feed_at = line_feed_at, ticks_ms()
                    if before is not None and ticks_diff(line_feed_at, before) < 20:
                        continue
                    write("\n")
                    if line.strip():
                        _execute(line, g)
                    break
                line_feed_at = None
                if byte == CTRL_A:
                    _raw_repl(g)
                    break
                if byte == CTRL_C:
                    write("\n")
                    break
                if byte == CTRL_D:
                    write("\n")
                    core.new_event_loop()
                    return
                if byte in (0x08, 0x7F):
                    if line:
                        line = line[:-1]
                        write("\x08 \x08")
                elif 0x20 <= byte < 0x7F:
                    line += chr(byte)
                    write(chr(byte))
    finally:
        micropython.kbd_intr(CTRL_C)


def _execute(line, g):
    try:
        micropython.kbd_intr(CTRL_C)
        try:
            result = eval(line, g)
        except SyntaxError:
            result = exec(line, g)
        if result is not None:
            write(repr(result))
            write("\n")
    except KeyboardInterrupt:
        pass
    except Exception as error:
        print("{}: {}".format(type(error).__name__, error))
    finally:
        micropython.kbd_intr(-1)


def _raw_repl(g):
    write(HEADING)
    while True:
        write(">")
        code = _raw_line()
        if code is None:
            write("\n")
            return
        if not code:
            write("Ignored: soft reboot\n")
            write(HEADING)
        try:
            exec(code, g)
            write("\x04")
        except Exception as error:
            print(code.decode())
            write("\x04")
            sys.print_exception(error, sys.stdout)
        write("\x04")


def _raw_line():
    """A program; None for Ctrl-B."""
    code = bytearray()
    while True:
        byte = _next_byte()
        if byte == CTRL_D:
            write("OK")
            return code
        if byte == CTRL_B:
            return None
        if byte == CTRL_A:
            if code == b"\x05A":
                return _raw_paste()
            if len(code) != 2 or code[0] != CTRL_E:
                write(HEADING)
                write(">")
            code = bytearray()
        elif byte == CTRL_C:
            code = bytearray()
        else:
            code.append(byte)


def _raw_paste(window=512):
    write("R\x01")
    write(chr(window & 0xFF) + chr(window >> 8) + "\x01")
    code = bytearray()
    while True:
        for _ in range(window):
            byte = _next_byte()
            if byte == CTRL_C or byte == CTRL_D:
                write("\x04")
                if byte == CTRL_C:
                    raise KeyboardInterrupt
                return code
            code.append(byte)
        write("\x01")
