/**
 * The demonstration application, main.py of a board that was given none. Tasks that go on while the REPL waits:
 * a sensor log that leaks (and is thrown away when little is left), a cache of messages of mixed sizes that
 * fragments the heap, and a reporter whose scratch strings are the churn. It prints nothing, keeps everything in
 * one object, and allocates little per step: this port collects only between steps.
 */
const demoApp = `import asyncio
import gc


class Station:
    """A small weather station: samples, keeps a log, and passes messages on."""

    def __init__(self):
        self.log = []          # grows: the leak
        self.cache = {}        # message number -> payload, replaced out of order
        self.cleared = 0       # how often the log was thrown away
        self.sent = 0
        self.noise = 12345

    def random(self, below):
        self.noise = (self.noise * 1103515245 + 12345) & 0x3FFFFFFF
        return (self.noise >> 8) % below

    async def sample(self):
        while True:
            reading = [20 + self.random(80) / 10, 40 + self.random(30)]
            self.log.append("t=%.1f h=%d n=%d" % (reading[0], reading[1], len(self.log)))
            if gc.mem_alloc() > self.limit:
                self.log = []
                self.cleared += 1
            await asyncio.sleep(1)

    async def relay(self):
        while True:
            number = self.random(48)
            if number in self.cache and self.random(3) == 0:
                del self.cache[number]
            else:
                self.cache[number] = bytearray((16, 24, 48, 64, 96, 160, 320)[self.random(7)])
            await asyncio.sleep_ms(900)

    async def report(self):
        while True:
            line = ",".join([str(len(m)) for m in self.cache.values()])
            self.sent += len(line)
            await asyncio.sleep(3)

    def start(self):
        gc.collect()
        # mem_free() counts memory this port believes it could add, so the budget comes from what is used.
        self.limit = LIMIT
        asyncio.create_task(self.sample())
        asyncio.create_task(self.relay())
        asyncio.create_task(self.report())


station = Station()
station.start()
`;

/** The application for a heap of this size: it clears its log at three quarters of the heap. */
export function demoAppFor(heapBytes: number): string {
  return demoApp.replace("LIMIT", String(Math.floor(heapBytes * 0.75)));
}
