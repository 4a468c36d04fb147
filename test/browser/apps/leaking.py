# A station whose log is never thrown away. It starts as it would stand after a day: LEVEL bytes are in use already.
import asyncio
import gc

LEVEL = 59700


class Station:
    def __init__(self):
        self.log = []
        self.parts = []

    def note(self):
        # In parts, as a list that grows beyond the largest free block would end it.
        if len(self.log) >= 32:
            self.parts.append(self.log)
            self.log = []
        number = 32 * len(self.parts) + len(self.log)
        self.log.append("t=21.5 h=48 n=%d" % number)

    async def sample(self):
        while True:
            self.note()
            await asyncio.sleep(4)


station = Station()
gc.collect()
while gc.mem_alloc() < LEVEL:
    station.note()
    if len(station.log) == 32:
        gc.collect()
asyncio.create_task(station.sample())
