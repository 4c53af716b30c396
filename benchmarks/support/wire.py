"""A wire between two networks of this machine, for kernels without `tc netem`: each packet arrives MS milliseconds later, either way.

wire.py MS NAME NAME makes both ends, says `ready`, and is the wire until it is killed. Root's.
"""
import collections
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def end_of_wire(name):
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return end


def packets_at(end):
    while True:
        try:
            yield os.read(end, 65536)
        except BlockingIOError:
            return


delay = float(sys.argv[1]) / 1000
one, other = (end_of_wire(name) for name in sys.argv[2:4])
under_way = collections.deque()  # all take as long: the first in is the first out, either way
print("ready", flush=True)
while True:
    wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
    for end in select.select([one, other], [], [], wait)[0]:
        for packet in packets_at(end):
            under_way.append((time.monotonic() + delay, other if end == one else one, packet))
    while under_way and under_way[0][0] <= time.monotonic():
        _, to, packet = under_way.popleft()
        try:
            os.write(to, packet)
        except OSError:  # as at any wire: nobody takes it, and it is lost
            pass
