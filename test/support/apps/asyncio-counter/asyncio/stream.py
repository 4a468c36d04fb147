from . import core


class StreamReader:
    def __init__(self, stream):
        self.s = stream

    async def read(self, n):
        core._io_queue.queue_read(self.s)
        yield  # until the loop finds the stream readable
        return self.s.read(n)
