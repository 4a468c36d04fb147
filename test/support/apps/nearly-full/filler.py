chain = None


def fill(size=4096):
    """Takes the heap in ever smaller pieces. Each piece that cannot be had leaves the garbage of an exception."""
    global chain
    while size >= 16:
        try:
            while True:
                chain = (chain, bytearray(size))
        except MemoryError:
            size //= 4
    top_up()


def top_up():
    """Takes what is left, link by link; not even the exception's text has room in the end."""
    global chain
    try:
        while True:
            chain = (chain,)
    except MemoryError:
        pass
