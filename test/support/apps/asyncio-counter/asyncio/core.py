"""The loop. What matters to whoever interrupts it:

- A KeyboardInterrupt while it waits leaves every task queued: get_event_loop().run_forever() goes on with them.
- A KeyboardInterrupt in a task's step ends that task alone: it is on no queue any more.
- _task_queue.peek() is None when no task waits for its time; _io_queue.map is empty when none waits for a stream.

Waiting allocates nothing: this port collects no garbage while a program runs.
"""

import select
import sys
from _asyncio import Task, TaskQueue
from time import ticks_add, ticks_diff, ticks_ms


class CancelledError(BaseException):
    pass


class TimeoutError(Exception):
    pass


class _Nap:
    """What `await sleep_ms()` awaits. One serves all tasks: it is used up before another task runs."""

    def __init__(self):
        self.due = None
        self.over = StopIteration()

    def __iter__(self):
        return self

    def __next__(self):
        due = self.due
        if due is None:
            self.over.__traceback__ = None  # reuses the memory of the last one
            raise self.over
        self.due = None
        _task_queue.push(cur_task, due)


_nap = _Nap()


def sleep_ms(ms):
    _nap.due = ticks_add(ticks_ms(), ms if ms > 0 else 0)
    return _nap


def sleep(seconds):
    return sleep_ms(int(seconds * 1000))


class IOQueue:
    """Tasks that wait for a stream to become readable. `map`: id(stream) -> (task, stream)."""

    def __init__(self):
        self.map = {}
        self.poller = select.poll()

    def queue_read(self, stream):
        self.map[id(stream)] = (cur_task, stream)
        self.poller.register(stream, select.POLLIN)
        cur_task.data = self

    def remove(self, task):
        """Called by Task.cancel()."""
        for key in list(self.map):
            if self.map[key][0] is task:
                self._forget(key)

    def wait_io_event(self, ms):
        """Waits at most `ms` (-1: for as long as it takes), or until a stream is ready; queues whoever waited for it."""
        for stream, _ in self.poller.ipoll(ms):
            task = self.map[id(stream)][0]
            self._forget(id(stream))
            _task_queue.push(task)

    def _forget(self, key):
        self.poller.unregister(self.map.pop(key)[1])


def create_task(coro):
    task = Task(coro, globals())
    _task_queue.push(task)
    return task


def current_task():
    if cur_task is None:
        raise RuntimeError("no running event loop")
    return cur_task


def _wait(main_task):
    """Returns a task that is due, still queued; None when nothing will ever be due again."""
    while True:
        task = _task_queue.peek()
        if task is not None:
            ms = ticks_diff(task.ph_key, ticks_ms())
            if ms <= 0:
                return task
        elif _io_queue.map:
            ms = -1
        elif main_task is None or not main_task.state:
            return None
        else:
            ms = 3  # as a board's: nothing can wake the task, but returning would be wrong
        _io_queue.wait_io_event(ms)


def _resume(task):
    """One step of the task. What it raises comes out."""
    thrown = task.data
    if thrown:
        task.data = None
        task.coro.throw(thrown)
    else:
        task.coro.send(None)


def _ended(task, outcome, is_awaited):
    """Wakes whoever waits for the task; an error that nobody can get any more is printed."""
    state = task.state
    task.state = False
    if isinstance(state, TaskQueue):
        while state.peek():
            _task_queue.push(state.pop())
            is_awaited = True
    task.data = outcome
    if not is_awaited and not isinstance(outcome, (StopIteration, CancelledError)):
        Loop.call_exception_handler({"message": "Task exception wasn't retrieved", "exception": outcome, "future": task})


def run_until_complete(main_task=None):
    global cur_task
    endings = (CancelledError, Exception)
    # A Ctrl-C that came while the program was compiled is met here, waiting, and not by the first task. On a board it
    # would have been met by the compiler.
    _io_queue.wait_io_event(1)
    while _wait(main_task) is not None:
        cur_task = task = _task_queue.pop()
        try:
            _resume(task)
        except endings as outcome:
            is_main = task is main_task
            _ended(task, outcome, is_main)
            if is_main:
                cur_task = None
                if isinstance(outcome, StopIteration):
                    return outcome.value
                raise outcome
    cur_task = None


def run(coro):
    return run_until_complete(create_task(coro))


async def _stopper():
    pass


class Loop:
    _handler = None
    _stop_task = None

    def create_task(coro):
        return create_task(coro)

    def run_forever():
        Loop._stop_task = Task(_stopper(), globals())
        run_until_complete(Loop._stop_task)

    def run_until_complete(awaitable):
        return run_until_complete(awaitable if isinstance(awaitable, Task) else create_task(awaitable))

    def stop():
        if Loop._stop_task is not None:
            _task_queue.push(Loop._stop_task)
            Loop._stop_task = None

    def close():
        pass

    def set_exception_handler(handler):
        Loop._handler = handler

    def call_exception_handler(context):
        if Loop._handler:
            Loop._handler(Loop, context)
        else:
            print(context["message"])
            sys.print_exception(context["exception"])


def get_event_loop():
    return Loop


def new_event_loop():
    global _task_queue, _io_queue, cur_task
    _task_queue = TaskQueue()
    _io_queue = IOQueue()
    cur_task = None
    return Loop


new_event_loop()
