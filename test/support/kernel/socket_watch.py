"""Watches which states sock_diag shows, every few milliseconds.

The tracepoint for state changes does not see the small sockets that stand for SYN-RECEIVED, for FIN-WAIT-2 after close()
and for TIME-WAIT; sock_diag (what `ss` uses) does.
"""

import socket
import struct
import threading
import time
from dataclasses import dataclass

from kernel_log import STATES

SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, NLM_F_DUMP, NLMSG_DONE = 20, 0x1, 0x300, 3
NETLINK_SOCK_DIAG = 4
ALL_STATES = 0xFFFFFFFF
GONE = 'GONE'
MISSES_BEFORE_GONE = 3
"""A socket that is just being replaced by another can be missing from a dump."""
HEADER = struct.Struct('=IHHII')
REQUEST = struct.Struct('=BBBxI48x')
INTERVAL_SECONDS = 0.003


@dataclass(frozen=True)
class Sighting:
    side: str
    local_port: int
    remote_port: int
    state: str  # or GONE
    time: int  # nanoseconds since the epoch: when it was first seen so


class SocketWatch:
    """`diag_sockets`: one netlink socket (NETLINK_SOCK_DIAG) for each side, made in its namespace."""

    def __init__(self, diag_sockets: dict[str, socket.socket]):
        self.sightings: list[Sighting] = []
        self._last: dict[tuple[str, int, int], str] = {}
        self._misses: dict[tuple[str, int, int], int] = {}
        self._diag_sockets = diag_sockets
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> list[Sighting]:
        self._stopping.set()
        self._thread.join()
        return self.sightings

    def _run(self) -> None:
        while not self._stopping.wait(INTERVAL_SECONDS):
            for side, diag in self._diag_sockets.items():
                now = time.time_ns()
                seen = {(side, local, remote): STATES[state] for state, local, remote in _dump(diag)}
                for key, state in seen.items():
                    self._misses[key] = 0
                    self._note(key, state, now)
                for key in self._last.keys() - seen.keys():
                    if key[0] == side:
                        self._misses[key] += 1
                        if self._misses[key] == MISSES_BEFORE_GONE:
                            self._note(key, GONE, now)

    def _note(self, key: tuple[str, int, int], state: str, now: int) -> None:
        if self._last.get(key) != state:
            self._last[key] = state
            self.sightings.append(Sighting(*key, state, now))


def _dump(diag: socket.socket) -> list[tuple[int, int, int]]:
    """State, local port and remote port of each IPv4 TCP socket that is connected or connecting."""
    body = REQUEST.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, ALL_STATES)
    diag.send(HEADER.pack(HEADER.size + len(body), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 0, 0) + body)
    found = []
    while True:
        reply = diag.recv(65536)
        at = 0
        while at < len(reply):
            length, kind, *_ = HEADER.unpack_from(reply, at)
            if kind == NLMSG_DONE:
                return found
            state = reply[at + HEADER.size + 1]
            local, remote = struct.unpack_from('!HH', reply, at + HEADER.size + 4)
            if remote:
                found.append((state, local, remote))
            at += (length + 3) & ~3
