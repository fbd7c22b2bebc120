"""Exchanges pairs of paths, over and over, until its input ends; then says how often."""

import ctypes
import os
import select
import sys

AT_FDCWD = -100
RENAME_EXCHANGE = 2

libc = ctypes.CDLL(None, use_errno=True)
pairs = [tuple(map(os.fsencode, pair.split("\t"))) for pair in sys.argv[1:]]
swaps = 0


def exchange(one, other):
    global swaps
    if libc.renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0:
        swaps += 1
        return
    error = ctypes.get_errno()
    # What the server has made or removed meanwhile is exchanged in the next round.
    if error != 2:
        raise OSError(error, os.strerror(error), one)


while not select.select([sys.stdin], [], [], 0)[0]:
    for one, other in pairs:
        exchange(one, other)
    # Some rounds are quick and some are slow: a request is to meet a change at every point of its way.
    for _ in range(swaps % 97 * 20):
        pass
print(swaps)
