# A relay that holds messages of mixed sizes and lets them go out of order. It starts as it would stand after a day: the heap
# was full once, and what was kept since lies all over it.
import asyncio
import gc

SIZES = (64, 96, 160, 320, 48, 224)


class Relay:
    def __init__(self):
        self.kept = []
        self.noise = 12345

    def random(self, below):
        self.noise = (self.noise * 1103515245 + 12345) & 0x3FFFFFFF
        return (self.noise >> 8) % below

    def fill(self, level):
        messages = []
        while gc.mem_alloc() < level:
            messages.append(bytearray(SIZES[self.random(6)]))
        for number in range(len(messages)):
            if number % 4 != 1:
                self.kept.append(messages[number])

    async def relay(self):
        while True:
            self.kept[self.random(len(self.kept))] = bytearray(SIZES[self.random(6)])
            await asyncio.sleep(5)


relay = Relay()
gc.collect()
relay.fill(61500)
gc.collect()
asyncio.create_task(relay.relay())
