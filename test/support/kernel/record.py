"""Records connections together with what the kernel says of them: test/fixtures/kernel.

    sudo python3 test/support/kernel/record.py [scenario …]

README.md tells what it needs, and test/fixtures/kernel/README.md what it writes.
"""

import json
import os
import socket
import struct
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

from bridge import SIDES, Fate
from kernel_log import CONGESTION_STATES, STATES, VARIABLES, Event, KernelLog
from lab import ADDRESS, Lab
from scenarios import SCENARIOS, Scenario, pause
from segments import Segment, read_segment
from socket_watch import GONE, NETLINK_SOCK_DIAG, Sighting, SocketWatch

FIXTURES = Path(__file__).parents[2] / 'fixtures' / 'kernel'
SETTLE_SECONDS = 0.3
# All headers and the first data: the rest of it says nothing about TCP.
SNAP_BYTES = 160
NETLINK_SOCK_DIAG_SOCKET = (socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)


@dataclass(frozen=True)
class Packet:
    number: int
    time: int
    segment: Segment


def record(scenario: Scenario) -> None:
    with Lab(scenario.conditions, scenario.sysctls) as lab, tempfile.TemporaryDirectory() as folder:
        prepared = scenario.prepare(lab)
        lab.bridge.fates.clear()
        pcaps = {side: Path(folder) / f'{side}.pcap' for side in SIDES}
        with ExitStack() as started:
            watch = SocketWatch({side: lab.open_socket(side, *NETLINK_SOCK_DIAG_SOCKET) for side in SIDES})
            started.callback(watch.stop)
            log = KernelLog(lab.ports['server'])
            started.callback(log.kill)
            for side in SIDES:
                started.enter_context(lab.capture(side, pcaps[side], 'nano', SNAP_BYTES))
            scenario.play(lab) if prepared is None else scenario.play(lab, prepared)
            pause(SETTLE_SECONDS)
            events = log.stop()
        truth = told(scenario, lab, pcaps, events, watch.sightings)
        for side in SIDES:
            (FIXTURES / f'{scenario.name}.{side}.pcap').write_bytes(pcaps[side].read_bytes())
        (FIXTURES / f'{scenario.name}.json').write_text(to_text(truth))
    print(scenario.name, summary(truth))


def told(
    scenario: Scenario, lab: Lab, pcaps: dict[str, Path], events: list[Event], sightings: list[Sighting]
) -> dict[str, object]:
    """The recording as it is written. Times are nanoseconds since the epoch until `to_text` spells them."""
    side_of = {(lab.ports['client'], lab.ports['server']): 'client', (lab.ports['server'], lab.ports['client']): 'server'}
    ours = [(side_of[e.local_port, e.remote_port], e) for e in events if (e.local_port, e.remote_port) in side_of]
    packets = {side: read_pcap(path) for side, path in pcaps.items()}
    return {
        'scenario': scenario.name,
        'what': scenario.what,
        'kernel': os.uname().release.split('-')[0],
        'client': end(lab, 'client'),
        'server': end(lab, 'server'),
        'vantage': {side: f'{scenario.name}.{side}.pcap' for side in SIDES},
        'conditions': in_camel_case(asdict(scenario.conditions)),
        'sysctls': scenario.sysctls,
        'states': states(ours, [s for s in sightings if (s.local_port, s.remote_port) in side_of]),
        'variables': variables(ours, packets),
        'retransmissions': [
            {'time': e.time, 'side': side, 'seq': e.numbers[0], 'endSeq': e.numbers[1]}
            for side, e in ours
            if e.kind == 'retransmission'
        ],
        'congestion': [
            {'time': e.time, 'side': side, 'to': CONGESTION_STATES[e.numbers[0]]}
            for side, e in ours
            if e.kind == 'congestion'
        ],
        'fates': [fate(each) for each in lab.bridge.fates],
    }


def in_camel_case(value: object) -> object:
    """Names as in the rest of the project's JSON; what is not set is left out."""
    if isinstance(value, dict):
        return {camel_case(name): in_camel_case(each) for name, each in value.items() if each is not None}
    return [in_camel_case(each) for each in value] if isinstance(value, (list, tuple)) else value


def camel_case(name: str) -> str:
    first, *others = name.split('_')
    return first + ''.join(word.capitalize() for word in others)


def end(lab: Lab, side: str) -> dict[str, object]:
    return {'address': ADDRESS[side], 'port': lab.ports[side]}


def fate(each: Fate) -> dict[str, object]:
    segment = asdict(each.segment)
    numbers = {'seq': segment['seq'], 'ack': segment['ack'], 'len': segment['payload_bytes'], 'flags': segment['flags']}
    return {'time': each.time, 'side': each.sender, **numbers, 'fate': each.fate}


def states(ours: list[tuple[str, Event]], sightings: list[Sighting]) -> list[dict[str, object]]:
    """State changes of both ends in the RFC's words; see the fixtures' README for what is mended here and why."""
    changes: list[dict[str, object]] = []
    request_isn: dict[str, int] = {}
    for side, event in ours:
        waits = waits_in_syn_received(changes, side)
        steps: list[tuple[str, str]] = []
        if event.kind == 'request':
            snd_nxt = event.numbers[2]
            if waits and snd_nxt != request_isn[side]:
                steps.append(('SYN-RECEIVED', 'LISTEN'))  # an earlier request was given up meanwhile
            if steps or not waits:
                steps.append(('LISTEN', 'SYN-RECEIVED'))
            request_isn[side] = snd_nxt
        elif event.kind == 'state':
            before, after = (STATES[number] for number in event.numbers[:2])
            if before != 'LISTEN' or not waits:  # else the full socket comes into being: known already
                steps.append((before, after))
        source = 'request-socket' if event.kind == 'request' else 'tracepoint'
        changes += [{'time': event.time, 'side': side, 'from': a, 'to': b, 'source': source} for a, b in steps]
    for side in SIDES:
        mend_small_sockets(changes, side, [s for s in sightings if s.side == side])
    return sorted(changes, key=lambda change: change['time'])


def waits_in_syn_received(changes: list[dict[str, object]], side: str) -> bool:
    last = next((change for change in reversed(changes) if change['side'] == side), None)
    return last is not None and last['to'] == 'SYN-RECEIVED'


def mend_small_sockets(changes: list[dict[str, object]], side: str, sightings: list[Sighting]) -> None:
    """Adds what happens while a small socket stands for a connection, which only sock_diag sees.

    CLOSED from FIN-WAIT-2 or CLOSING means that one goes on, in FIN-WAIT-2 or TIME-WAIT. One that vanishes in SYN-RECEIVED
    leaves the listening socket behind.
    """
    mine = [change for change in changes if change['side'] == side]
    for change, following in zip(mine, [*mine[1:], None]):
        until = following['time'] if following else sys.maxsize
        seen = [s for s in sightings if change['time'] <= s.time < until]
        if change['to'] == 'CLOSED' and change['from'] in ('FIN-WAIT-2', 'CLOSING'):
            first = next((s for s in seen if s.state in ('FIN-WAIT-2', 'TIME-WAIT')), None)
            if first is None:
                continue
            change['reported'], change['to'] = 'CLOSED', first.state
            if change['from'] == change['to']:
                changes.remove(change)
            seen, closed = seen[seen.index(first) + 1 :], 'CLOSED'
        elif change['source'] == 'request-socket':
            seen, closed = [s for s in seen if s.state == GONE], 'LISTEN'
        else:
            continue
        state = change['to']
        for sighting in seen:
            after = closed if sighting.state == GONE else sighting.state
            step = {'from': state, 'to': after, 'source': 'sock_diag'}
            changes.append({'time': sighting.time, 'side': side, **step})
            state = after


def variables(ours: list[tuple[str, Event]], packets: dict[str, list[Packet]]) -> list[dict[str, object]]:
    """What each end's variables were, each time with the packet of that end's capture that it belongs to, or null."""
    unmatched = {side: list(packets[side]) for side in SIDES}
    readings = []
    for side, event in ours:
        if event.kind in ('departure', 'arrival'):
            numbers, values = event.numbers[:2], dict(zip(VARIABLES, event.numbers[2:]))
        elif event.kind in ('request', 'timewait'):
            numbers, values = event.numbers[:2], dict(zip(('sndNxt', 'rcvNxt'), event.numbers[2:]))
        elif event.kind == 'state':
            numbers, values = None, dict(zip(VARIABLES, event.numbers[2:]))
        else:
            continue
        if event.kind == 'state' and STATES[event.numbers[0]] in ('CLOSED', 'LISTEN'):
            continue  # nothing is set yet
        when = event.kind if event.kind in ('arrival', 'state') else 'departure'
        packet = take(unmatched[side], event, when == 'departure', numbers) if numbers else None
        readings.append({'time': event.time, 'side': side, 'when': when, 'packet': packet, **values})
    return readings


PAIRING_NANOSECONDS = 20_000_000


def take(candidates: list[Packet], event: Event, outgoing: bool, numbers: tuple[int, ...]) -> int | None:
    """The number of the packet that an event is about. It is taken away, since each has one."""
    port = event.local_port if outgoing else event.remote_port
    same = [p for p in candidates if (p.segment.source_port, p.segment.seq, p.segment.ack) == (port, *numbers)]
    # Several have the same numbers: the first ACK and the first data, and what is sent again.
    nearest = min(same, key=lambda packet: abs(packet.time - event.time), default=None)
    if nearest is None or abs(nearest.time - event.time) >= PAIRING_NANOSECONDS:
        return None
    candidates.remove(nearest)
    return nearest.number


def read_pcap(path: Path) -> list[Packet]:
    """TCP segments of a little-endian capture with nanoseconds, as tcpdump writes it on this machine."""
    data = path.read_bytes()
    if data[:4] != struct.pack('<I', 0xA1B23C4D):
        raise RuntimeError(f'{path}: not a capture with nanoseconds')
    packets, at, number = [], 24, 0
    while at < len(data):
        seconds, nanoseconds, captured, _ = struct.unpack_from('<4I', data, at)
        at += 16
        number += 1
        segment = read_segment(data[at : at + captured])
        if segment:
            packets.append(Packet(number, seconds * 10**9 + nanoseconds, segment))
        at += captured
    return packets


def to_text(truth: dict[str, object]) -> str:
    """JSON with one line for each event, so that it can be read and compared."""
    lines = []
    for name, value in truth.items():
        if isinstance(value, list) and value:
            items = ',\n'.join(f'    {json.dumps(spell_time(item))}' for item in value)
            lines.append(f'  {json.dumps(name)}: [\n{items}\n  ]')
        else:
            lines.append(f'  {json.dumps(name)}: {json.dumps(value)}')
    return '{\n' + ',\n'.join(lines) + '\n}\n'


def spell_time(item: dict[str, object]) -> dict[str, object]:
    seconds, nanoseconds = divmod(item['time'], 10**9)
    return {**item, 'time': f'{seconds}.{nanoseconds:09}'}


def summary(truth: dict[str, object]) -> str:
    def path(side: str) -> str:
        mine = [change for change in truth['states'] if change['side'] == side]
        return ' > '.join([mine[0]['from'], *(change['to'] for change in mine)]) if mine else '-'

    paired = sum(reading['packet'] is not None for reading in truth['variables'])
    return f'\n  client {path("client")}\n  server {path("server")}\n  {len(truth["variables"])} readings, {paired} paired'


def main() -> None:
    wanted = sys.argv[1:] or list(SCENARIOS)
    unknown = set(wanted) - set(SCENARIOS)
    if unknown:
        sys.exit(f'no such scenario: {", ".join(sorted(unknown))}')
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        record(SCENARIOS[name])


if __name__ == '__main__':
    main()
