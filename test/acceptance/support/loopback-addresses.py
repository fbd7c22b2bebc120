"""Gives this network namespace's loopback interface the addresses of a metadata service."""

import fcntl
import socket
import struct

SIOCSIFADDR, SIOCSIFFLAGS = 0x8916, 0x8914
IFF_UP_RUNNING = 0x1 | 0x40


def set_flags(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", name, IFF_UP_RUNNING))


def add_v4(name, address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        wanted = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(address))
        fcntl.ioctl(control, SIOCSIFADDR, wanted)


def add_v6(address):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as control:
        index = socket.if_nametoindex("lo")
        wanted = struct.pack("16sIi", socket.inet_pton(socket.AF_INET6, address), 128, index)
        fcntl.ioctl(control, SIOCSIFADDR, wanted)


set_flags(b"lo")
add_v4(b"lo:1", "169.254.169.254")
add_v6("fd00:ec2::254")
