/**
 * `asyncio` with a loop that runs until its work is done, as on boards. Tasks, queue, sleep, Event, Lock, gather and
 * wait_for are the interpreter's own (its `asyncio` hands the waiting to JavaScript), so what they allocate is right.
 * Waiting moves the clock of `time`.
 */
const asyncio = `
import sys
from time import ticks_diff, sleep_ms as _leap  # now, or the interpreter's own time would be found below

_self = sys.modules.pop(__name__, None)
_path = sys.path[:]
sys.path[:] = (".frozen",)
try:
    import asyncio as _own
finally:
    sys.path[:] = _path
    sys.modules[__name__] = _self
core = _own.core
CancelledError = core.CancelledError
TimeoutError = core.TimeoutError
Task = core.Task
TaskQueue = core.TaskQueue
Loop = core.Loop
SingletonGenerator = core.SingletonGenerator
create_task = core.create_task
current_task = core.current_task
get_event_loop = core.get_event_loop
sleep = core.sleep
sleep_ms = core.sleep_ms
Event = _own.Event
Lock = _own.Lock
gather = _own.gather
wait_for = _own.wait_for
wait_for_ms = _own.wait_for_ms


# The interpreter's loop asks how long it is until a task is due: that time passes here.
def _until(due, now):
    left = ticks_diff(due, now)
    if left > 0:
        _leap(left)
    return 0


core.ticks_diff = _until
core._schedule_run_iter = lambda dt: None  # JavaScript never goes on with what is left


class _Done(BaseException):
    pass


async def _watch(coro, ended):
    try:
        ended.append(await coro)
    except (Exception, CancelledError) as error:
        ended.append(None)
        ended.append(error)
    raise _Done


async def _stop():
    raise _Done


def _loop():
    try:
        core._run_iter()
    except _Done:
        pass
    finally:
        core.cur_task = None


def run(coro):
    ended = []
    create_task(_watch(coro, ended))
    _loop()
    if len(ended) > 1:
        raise ended[1]
    if ended:
        return ended[0]


def new_event_loop():
    core._task_queue = TaskQueue()
    return Loop


core.new_event_loop = new_event_loop
new_event_loop()
Loop.run_forever = _loop
Loop.run_until_complete = run
Loop.stop = lambda: create_task(_stop())


class ThreadSafeFlag(Event):
    async def wait(self):
        await Event.wait(self)
        self.clear()


class Stream:
    def __init__(self, s, e={}):
        self.s = s
        self.e = e

    def get_extra_info(self, v):
        return self.e[v]

    async def read(self, n=-1):
        await sleep_ms(0)
        return self.s.read(n)

    async def readinto(self, buf):
        await sleep_ms(0)
        return self.s.readinto(buf)

    async def readexactly(self, n):
        await sleep_ms(0)
        data = self.s.read(n)
        if len(data) < n:
            raise EOFError
        return data

    async def readline(self):
        await sleep_ms(0)
        return self.s.readline()

    def write(self, buf):
        self.s.write(buf)

    async def awrite(self, buf):
        self.s.write(buf)

    async def drain(self):
        await sleep_ms(0)

    def close(self):
        pass

    async def wait_closed(self):
        self.s.close()

    aclose = wait_closed

    async def __aenter__(self):
        return self

    async def __aexit__(self, type, value, traceback):
        self.s.close()


StreamReader = StreamWriter = Stream


async def open_connection(host, port, ssl=None, server_hostname=None, local_addr=None):
    from socket import socket

    await sleep_ms(0)
    stream = Stream(socket())
    return stream, stream


class Server:
    def close(self):
        pass

    async def wait_closed(self):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, type, value, traceback):
        pass


# Three clients come.
async def start_server(cb, host, port, backlog=5, ssl=None):
    from socket import socket

    server = socket()
    for _ in range(3):
        client, peer = server.accept()
        stream = Stream(client, {"peername": peer})
        create_task(cb(stream, stream))
    return Server()
`;

/** By path in the folder of the stand-ins. */
export const asyncioStandIns = {
  "asyncio.py": asyncio,
  "uasyncio.py": "from asyncio import *\n",
} as const;
