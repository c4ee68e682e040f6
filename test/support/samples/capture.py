"""Records the samples that are captured from real programs, and writes them to media/samples.

    sudo python3 test/support/samples/capture.py [name …]

Linux, root; curl, nmap, tcpdump and editcap (of tshark's package) must be there. Each lesson runs between two network
namespaces (test/support/kernel/lab.py). The story is the same on every run; times, ports of programs and initial
sequence numbers are the kernel's and differ.
"""

import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / 'kernel'))
from bridge import Conditions, Rule  # noqa: E402
from lab import ADDRESS, ADDRESS6, Lab  # noqa: E402

SAMPLES = Path(__file__).parents[3] / 'media' / 'samples'
FULL_SEGMENT = 1448
"""Bytes of data in a full segment: MSS 1460 less the timestamps option."""


@dataclass(frozen=True)
class Lesson:
    name: str
    tell: Callable[[Lab], None]
    at: str = 'client'
    conditions: Conditions = Conditions()
    sysctls: dict[str, str] = field(default_factory=dict)
    pcapng: bool = False


LESSONS: list[Lesson] = []


def lesson(name: str, **options):
    """Registers a function as the maker of the sample `name`; options are those of Lesson."""

    def register(tell: Callable[[Lab], None]) -> Callable[[Lab], None]:
        LESSONS.append(Lesson(name, tell, **options))
        return tell

    return register


def pause(seconds: float = 0.15) -> None:
    """Long enough for what is on its way to arrive."""
    time.sleep(seconds)


def exchange(client: socket.socket, server: socket.socket) -> None:
    client.sendall(b'Hello, server.\n')
    server.recv(100)
    server.sendall(b'Hello, client.\n')
    client.recv(100)
    pause()


def read_all(reader: socket.socket) -> None:
    while reader.recv(65536):
        pass


def text(size: int) -> bytes:
    """Numbered lines, so that one sees in the bytes where a segment belongs."""
    lines = b''.join(b'This is line %06d of the file.\n' % n for n in range(size // 32 + 1))
    return lines[:size]


@lesson('handshake')
def handshake(lab: Lab) -> None:
    lab.connect()
    pause()  # the capture ends before the connection does


@lesson('four-way-close')
def four_way_close(lab: Lab) -> None:
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    read_all(server)
    pause(0.3)  # the server tidies up before it closes, too: its ACK and its FIN go apart
    server.close()
    pause()


@lesson('half-close')
def half_close(lab: Lab) -> None:
    client, server = lab.connect()
    client.sendall(b'Count to three, please. I have no more to say.\n')
    client.shutdown(socket.SHUT_WR)
    read_all(server)
    for word in (b'one\n', b'two\n', b'three\n'):
        pause(0.2)
        server.sendall(word)
    server.close()
    read_all(client)
    client.close()
    pause()


@lesson('simultaneous-close', conditions=Conditions(delay_ms=25))
def simultaneous_close(lab: Lab) -> None:
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.close()
    pause(0.3)


@lesson('simultaneous-open', conditions=Conditions(delay_ms=25))
def simultaneous_open(lab: Lab) -> None:
    client, server = lab.bound('client'), lab.bound('server')
    for each in (client, server):
        each.setblocking(False)
    client.connect_ex(lab.end('server'))
    server.connect_ex(lab.end('client'))
    pause(0.3)
    for each in (client, server):
        each.setblocking(True)
    exchange(client, server)
    client.close()
    read_all(server)
    pause(0.2)
    server.close()
    pause()


@lesson('refused')
def refused(lab: Lab) -> None:
    try:
        lab.bound('client').connect(lab.end('server'))
    except ConnectionRefusedError:
        pass
    pause()


@lesson(
    'lost-syn-ack',
    at='server',
    conditions=Conditions(rules=(Rule('server', 'syn-ack', None, 'drop', until_seconds=2.5),)),
)
def lost_syn_ack(lab: Lab) -> None:
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    read_all(server)
    server.close()
    pause()


@lesson(
    'retransmission-timeout',
    # Without tail loss probes, which would mend this before the timer of RFC 6298 expires.
    sysctls={'net.ipv4.tcp_early_retrans': '0'},
    conditions=Conditions(rules=tuple(Rule('client', 'data', number, 'drop') for number in (2, 3, 4))),
)
def retransmission_timeout(lab: Lab) -> None:
    client, server = lab.connect()
    exchange(client, server)
    client.sendall(b'Did you hear me?\n')
    server.recv(100)
    server.sendall(b'Yes, at last.\n')
    client.recv(100)
    client.close()
    read_all(server)
    server.close()
    pause()


@lesson('fast-retransmit', conditions=Conditions(rules=(Rule('client', 'data', 13, 'drop'),)))
def fast_retransmit(lab: Lab) -> None:
    client, server = lab.connect()
    client.sendall(text(30 * FULL_SEGMENT))
    client.shutdown(socket.SHUT_WR)
    read_all(server)
    server.close()
    pause()


@lesson('out-of-order', conditions=Conditions(rules=(Rule('server', 'data', 6, 'delay', ms=4),)))
def out_of_order(lab: Lab) -> None:
    client, server = lab.connect()
    client.sendall(b'Send me the file.\n')
    server.recv(100)
    server.sendall(text(8 * FULL_SEGMENT))
    pause()
    client.recv(65536)
    client.close()
    read_all(server)
    server.close()
    pause()


@lesson('zero-window')
def zero_window(lab: Lab) -> None:
    listener = lab.listen()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    client = lab.bound('client')
    client.connect(lab.end('server'))
    server = lab.accept(listener)
    client.sendall(text(24 * 1024))
    client.shutdown(socket.SHUT_WR)
    pause(3)  # the reader is busy with something else
    read_all(server)
    server.close()
    pause()


@lesson('keep-alive')
def keep_alive(lab: Lab) -> None:
    client, server = lab.connect()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2)
    exchange(client, server)
    pause(7)
    exchange(client, server)
    client.close()
    read_all(server)
    server.close()
    pause()


@lesson('reset-unread-data')
def reset_unread_data(lab: Lab) -> None:
    client, server = lab.connect()
    exchange(client, server)
    client.sendall(b'Nobody will read this.\n')
    pause()
    server.close()
    pause()


@lesson('reset-linger-zero')
def reset_linger_zero(lab: Lab) -> None:
    client, server = lab.connect()
    exchange(client, server)
    abort(client)
    pause()


def abort(end: socket.socket) -> None:
    """close() with SO_LINGER on and a time of 0: reset instead of FIN."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    end.close()


PAGE = b"""<!doctype html>
<title>TCP Trace Explorer</title>
<h1>It works.</h1>
<p>This page came in one TCP connection: a handshake, a request, an answer, a close.</p>
"""


@contextmanager
def web_server(lab: Lab, address: str) -> Iterator[None]:
    """Python's web server on port 80 with a small page and a file of 200 000 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / 'index.html').write_bytes(PAGE)
        (Path(folder) / 'big.txt').write_bytes(text(200_000))
        command = ['python3', '-m', 'http.server', '80', '--bind', address, '--directory', folder]
        lab.start('server', command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lab.wait_for_listener(80)
        yield


def curl(lab: Lab, url: str, *options: str) -> None:
    lab.run('client', ['curl', '-sS', '-o', '/dev/null', '-A', 'curl', *options, url], check=False)


@lesson('http-ipv6')
def http_ipv6(lab: Lab) -> None:
    with web_server(lab, ADDRESS6['server']):
        curl(lab, f'http://[{ADDRESS6["server"]}]/')
        pause()


@lesson('start-here', pcapng=True, conditions=Conditions(rules=(Rule('server', 'data', 40, 'drop'),)))
def start_here(lab: Lab) -> None:
    """An ordinary minute at a computer: pages, a download that loses a packet, and two things that go wrong."""
    site, site6 = f'http://{ADDRESS["server"]}', f'http://[{ADDRESS6["server"]}]'
    with web_server(lab, '::'):
        curl(lab, f'{site}/', '--local-port', '50010')
        pause(0.4)
        curl(lab, f'{site}/big.txt', '--local-port', '50011')
        pause(0.6)
        curl(lab, f'{site6}/', '--local-port', '50012')
        pause(0.3)
        curl(lab, f'{site}:8443/', '--local-port', '50013')
        pause(0.5)
        client, server = lab.connect()
        exchange(client, server)
        client.sendall(b'Are you still there?\n')
        pause(0.4)
        abort(server)
        pause(0.3)
        curl(lab, f'{site}/missing.html', '--local-port', '50014')
        pause()


BACKLOG = 64
FLOOD_SYSCTLS = {'net.ipv4.tcp_syncookies': '0', 'net.ipv4.tcp_synack_retries': '2'}
FLOOD_SYNS = 160
SYNS_A_SECOND = 40
HALF_OPEN_SECONDS = 7
"""SYN-ACKs go out after 0, 1 and 3 s; four seconds later the server gives up."""
# The attacker's own kernel would answer each SYN-ACK with a reset and so undo the flood; attackers filter that.
SILENT_ATTACKER = Conditions(rules=(Rule('client', 'rst', None, 'drop'),))


def flood(lab: Lab, source_of: Callable[[int], str]) -> None:
    """SYNs through a raw socket, each from `source_of(its number)`, and an honest visitor who comes in the middle."""
    listener = lab.listen(80, backlog=BACKLOG)
    lab.ip('server', f'route add {SPOOFED_NETWORK} via {ADDRESS["client"]} dev eth0 onlink')
    raw = lab.open_socket('client', kind=socket.SOCK_RAW, protocol=socket.IPPROTO_RAW)
    honest = lab.bound('client')

    def visit() -> None:
        honest.connect((ADDRESS['server'], 80))
        honest.sendall(b'Is anybody there?\n')
        read_all(honest)
        honest.close()

    def serve() -> None:
        server = lab.accept(listener)
        server.recv(100)
        server.sendall(b'Yes, if you are patient.\n')
        server.close()

    visitor, host = threading.Thread(target=visit), threading.Thread(target=serve)
    host.start()
    chance = random.Random(4)
    ports = chance.sample(range(1024, 65536), FLOOD_SYNS)
    for number, port in enumerate(ports):
        raw.sendto(syn(source_of(number), port, chance), (ADDRESS['server'], 0))
        if number == FLOOD_SYNS // 2:
            visitor.start()
        time.sleep(1 / SYNS_A_SECOND)
    visitor.join()
    host.join()
    pause(HALF_OPEN_SECONDS)


SPOOFED_NETWORK = '198.18.0.0/15'  # RFC 2544's, for tests


def syn(source: str, port: int, chance: random.Random) -> bytes:
    """An IPv4 packet with a bare SYN to the server's port 80. The kernel fills in the IP checksum."""
    addresses = socket.inet_aton(source) + socket.inet_aton(ADDRESS['server'])
    ports_and_seq = struct.pack('!HHI', port, 80, chance.getrandbits(32))
    segment = bytearray(ports_and_seq + struct.pack('!IBBHHH', 0, 5 << 4, 0x02, 512, 0, 0))
    words = struct.unpack('!16H', addresses + struct.pack('!HH', socket.IPPROTO_TCP, len(segment)) + bytes(segment))
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    struct.pack_into('!H', segment, 16, ~total & 0xFFFF)
    header = struct.pack('!BBHHHBBH', 0x45, 0, 40, chance.getrandbits(16), 0, 64, socket.IPPROTO_TCP, 0)
    return header + addresses + bytes(segment)


@lesson('syn-flood', at='server', conditions=SILENT_ATTACKER, sysctls=FLOOD_SYSCTLS)
def syn_flood(lab: Lab) -> None:
    flood(lab, lambda number: '198.18.7.7')


def spoofed(number: int) -> str:
    return f'198.{18 + random.Random(number).getrandbits(1)}.{random.Random(~number).randrange(256)}.{number % 254 + 1}'


@lesson('syn-flood-spoofed', at='server', sysctls=FLOOD_SYSCTLS)
def syn_flood_spoofed(lab: Lab) -> None:
    flood(lab, spoofed)


@lesson('syn-flood-cookies', at='server', sysctls={**FLOOD_SYSCTLS, 'net.ipv4.tcp_syncookies': '1'})
def syn_flood_cookies(lab: Lab) -> None:
    flood(lab, spoofed)


OPEN_PORTS = (22, 80, 443)
FILTERED_PORT = 8080
FILTERED = Conditions(rules=(Rule('client', 'any', None, 'drop', port=FILTERED_PORT),))


def scan(lab: Lab, kind: str) -> None:
    """nmap on the fifty best-known ports: three are open, one is filtered on the way, the others are closed."""
    for port in OPEN_PORTS:
        lab.listen(port)
    lab.run('client', f'nmap {kind} -n -Pn --disable-arp-ping --max-retries 1 --top-ports 50 {ADDRESS["server"]}')


for scan_name, scan_option in (
    ('syn', '-sS'),
    ('connect', '-sT'),
    ('fin', '-sF'),
    ('null', '-sN'),
    ('xmas', '-sX'),
    ('ack', '-sA'),
    ('window', '-sW'),
):
    lesson(f'scan-{scan_name}', conditions=FILTERED)(lambda lab, option=scan_option: scan(lab, option))


def record(told: Lesson) -> None:
    with Lab(told.conditions, told.sysctls) as lab, tempfile.TemporaryDirectory() as folder:
        captured = Path(folder) / f'{told.name}.pcap'
        with lab.capture(told.at, captured):
            told.tell(lab)
        target = SAMPLES / f'{told.name}.{"pcapng" if told.pcapng else "pcap"}'
        if told.pcapng:
            comment = 'An ordinary minute on a network. What happened in each of the six connections?'
            subprocess.run(['editcap', '-F', 'pcapng', '--capture-comment', comment, captured, target], check=True)
        else:
            target.write_bytes(captured.read_bytes())
    print(f'{target.name}: {target.stat().st_size} bytes')


def main() -> None:
    wanted = sys.argv[1:]
    unknown = set(wanted) - {each.name for each in LESSONS}
    if unknown:
        sys.exit(f'no such sample: {", ".join(sorted(unknown))}')
    for each in LESSONS:
        if not wanted or each.name in wanted:
            record(each)


if __name__ == '__main__':
    main()
