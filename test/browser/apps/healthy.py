# A station that keeps the last readings in a ring, in place: its heap stays as it is. Scratch strings are all its garbage.
import asyncio
import gc


class Station:
    def __init__(self):
        self.ring = [bytearray(96) for _ in range(60)]
        self.names = ["sensor-%d" % number for number in range(40)]
        self.calibration = {name: [0.5, len(name)] for name in self.names}
        self.at = 0

    async def sample(self):
        while True:
            line = "t=%d h=%d" % (self.at % 40, self.at % 70)
            place = self.ring[self.at % len(self.ring)]
            place[: len(line)] = line.encode()
            self.at += 1
            if self.at % 5 == 0:
                print("sampled", line)
            await asyncio.sleep(1)


station = Station()
gc.collect()
asyncio.create_task(station.sample())
