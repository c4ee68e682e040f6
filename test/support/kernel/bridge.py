"""A cable between two network namespaces that loses, delays, reorders and duplicates on purpose.

Two TAP devices and a thread that carries frames between them. Chance is seeded and drawn per direction, a fixed number
of draws for each segment, so that the fate of the n-th segment of a direction depends on the seed alone. Rules come
before chance. What is not TCP always passes unharmed.
"""

import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from dataclasses import asdict, dataclass, field

from segments import Segment, read_segment

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
FRAME_BYTES = 65536
DUPLICATE_AFTER_SECONDS = 0.0005
SIDES = ('client', 'server')


@dataclass(frozen=True)
class Rule:
    """What happens to the `number`-th segment of a `kind` from a side (counted from 1; None: to each of them)."""

    sender: str
    kind: str  # see Segment.kind, or 'any'
    number: int | None
    action: str  # drop, duplicate, or delay (by `ms` more, overtaken by what follows)
    ms: float = 0
    port: int | None = None  # only segments to this port
    until_seconds: float | None = None  # only so long after the first segment of all

    def applies(self, sender: str, segment: Segment, counts: dict[str, int], elapsed: float) -> bool:
        return (
            self.sender == sender
            and (self.until_seconds is None or elapsed < self.until_seconds)
            and self.kind in (segment.kind, 'any')
            and self.port in (None, segment.destination_port)
            and self.number in (None, counts[self.kind])
        )


@dataclass(frozen=True)
class Conditions:
    """Of each direction alike. Chances are in [0, 1]."""

    delay_ms: float = 10
    jitter_ms: float = 0  # never reorders by itself
    loss: float = 0
    reorder: float = 0
    reorder_ms: float = 15
    duplicate: float = 0
    seed: int = 1
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Fate:
    """What the bridge did to a segment that it did not just pass on. `time` is in nanoseconds since the epoch."""

    time: int
    sender: str
    segment: Segment
    fate: str  # dropped, duplicated or delayed


@dataclass
class _Direction:
    sender: str
    tap: int
    chance: random.Random
    counts: dict[str, int] = field(default_factory=lambda: {'any': 0})
    last_due: float = 0


class Bridge:
    """Makes a device `eth0` in each of the two namespaces and joins them, until `close()`."""

    def __init__(self, namespaces: dict[str, str], conditions: Conditions):
        self.conditions = conditions
        self.fates: list[Fate] = []
        self.last: dict[str, Segment] = {}
        """The latest segment from each side."""
        self._due: list[tuple[float, int, int, bytes]] = []
        self._sequence = 0
        self._first_at: float | None = None
        self._to_drop: list[tuple[str, str]] = []
        self._directions = [
            _Direction(side, _tap_in(namespaces[side]), random.Random(f'{conditions.seed}/{side}')) for side in SIDES
        ]
        self._stop_reader, self._stop_writer = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def drop_next(self, sender: str, kind: str) -> None:
        """Loses the next segment of this kind."""
        self._to_drop.append((sender, kind))

    def close(self) -> None:
        os.write(self._stop_writer, b'x')
        self._thread.join()
        for fd in (self._stop_reader, self._stop_writer, *(d.tap for d in self._directions)):
            os.close(fd)

    def _run(self) -> None:
        here, there = self._directions
        readers = {here.tap: (here, there.tap), there.tap: (there, here.tap)}
        while True:
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            ready, _, _ = select.select([*readers, self._stop_reader], [], [], wait)
            if self._stop_reader in ready:
                return
            for fd in ready:
                direction, exit_tap = readers[fd]
                for frame in _frames(fd):
                    self._accept(direction, exit_tap, frame)
            while self._due and self._due[0][0] <= time.monotonic():
                _, _, exit_tap, frame = heapq.heappop(self._due)
                _write(exit_tap, frame)

    def _accept(self, direction: _Direction, exit_tap: int, frame: bytes) -> None:
        now = time.monotonic()
        segment = read_segment(frame)
        if segment is None:
            self._schedule(now, exit_tap, frame)
            return
        self._first_at = self._first_at or now
        elapsed = now - self._first_at
        self.last[direction.sender] = segment
        c, counts = self.conditions, direction.counts
        for kind in (segment.kind, 'any'):
            counts[kind] = counts.get(kind, 0) + 1
        loses, reorders, duplicates, jitter = (direction.chance.random() for _ in range(4))
        rule = next((r for r in c.rules if r.applies(direction.sender, segment, counts, elapsed)), None)

        doomed = (direction.sender, segment.kind)
        if doomed in self._to_drop:
            self._to_drop.remove(doomed)
            rule = Rule(*doomed, None, 'drop')
        if rule.action == 'drop' if rule else loses < c.loss:
            self._note(direction, segment, 'dropped')
            return
        due = now + c.delay_ms / 1e3 + c.jitter_ms / 1e3 * (2 * jitter - 1)
        if rule.action == 'delay' if rule else reorders < c.reorder:
            due += (rule.ms if rule else c.reorder_ms) / 1e3
            self._note(direction, segment, 'delayed')
        else:
            due = direction.last_due = max(due, direction.last_due)
        self._schedule(due, exit_tap, frame)
        if rule.action == 'duplicate' if rule else duplicates < c.duplicate:
            self._schedule(due + DUPLICATE_AFTER_SECONDS, exit_tap, frame)
            self._note(direction, segment, 'duplicated')

    def _schedule(self, due: float, exit_tap: int, frame: bytes) -> None:
        self._sequence += 1  # frames that are due together leave in the order in which they came
        heapq.heappush(self._due, (due, self._sequence, exit_tap, frame))

    def _note(self, direction: _Direction, segment: Segment, fate: str) -> None:
        self.fates.append(Fate(time.time_ns(), direction.sender, segment, fate))


def _tap_in(namespace: str) -> int:
    """The file of a new TAP device, which is moved into the namespace as `eth0`."""
    fd = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    name = f'{namespace}t'
    fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH22x', name.encode(), IFF_TAP | IFF_NO_PI))
    for command in (f'ip link set {name} netns {namespace}', f'ip -n {namespace} link set {name} name eth0'):
        subprocess.run(command.split(), check=True)
    return fd


def _frames(tap: int) -> list[bytes]:
    """What has arrived; at most 64 frames, so that neither direction starves the other."""
    frames: list[bytes] = []
    while len(frames) < 64:
        try:
            frames.append(os.read(tap, FRAME_BYTES))
        except BlockingIOError:
            break
    return frames


def _write(tap: int, frame: bytes) -> None:
    try:
        os.write(tap, frame)
    except OSError:
        pass  # the device is down: a cable that leads nowhere
