"""The connections whose truth is recorded, one function each: what the two programs do.

Each runs in a lab of its own. The options of `scenario` are those of Scenario. What the function says in its docstring
goes into the recording.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bridge import Conditions, Rule
from lab import Lab

NEARBY = Conditions(delay_ms=5)
# Far enough apart that what both ends do at once is on its way at once.
FAR = Conditions(delay_ms=40)


@dataclass(frozen=True)
class Scenario:
    name: str
    play: Callable[..., None]
    what: str
    conditions: Conditions = NEARBY
    sysctls: dict[str, str] = field(default_factory=dict)
    # What happens before the recording begins; what it returns, unless None, is handed to `play`.
    prepare: Callable[[Lab], object] = lambda lab: None


SCENARIOS: dict[str, Scenario] = {}


def scenario(**options):
    def register(play: Callable[..., None]) -> Callable[..., None]:
        name = play.__name__.replace('_', '-')
        SCENARIOS[name] = Scenario(name, play, ' '.join(play.__doc__.split()), **options)
        return play

    return register


def nearby(*rules: Rule) -> Conditions:
    return Conditions(delay_ms=NEARBY.delay_ms, rules=rules)


def pause(seconds: float = 0.12) -> None:
    """Long enough for what is on its way to arrive, and for a delayed ACK."""
    time.sleep(seconds)


def read(reader: socket.socket, size: int) -> None:
    while size:
        size -= len(reader.recv(size))


def read_all(reader: socket.socket) -> None:
    while reader.recv(65536):
        pass


def exchange(client: socket.socket, server: socket.socket, size: int = 100) -> None:
    client.sendall(b'c' * size)
    read(server, size)
    server.sendall(b's' * size)
    read(client, size)
    pause()


def close_in_turn(first: socket.socket, second: socket.socket) -> None:
    """`second` closes a while after it has seen the end of what `first` sends."""
    first.close()
    read_all(second)
    pause()
    second.close()
    pause()


def abort(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    end.close()


# How it ends


@scenario()
def close_by_client(lab: Lab) -> None:
    """The client closes first, the server a while later."""
    client, server = lab.connect()
    exchange(client, server, 5000)
    close_in_turn(client, server)


@scenario()
def close_by_server(lab: Lab) -> None:
    """The server closes first, the client a while later."""
    client, server = lab.connect()
    exchange(client, server, 5000)
    close_in_turn(server, client)


@scenario()
def close_in_three_segments(lab: Lab) -> None:
    """The server waits for the end and closes at once, so that its FIN carries the ACK of the client's."""
    client, server = lab.connect()
    exchange(client, server)

    def serve() -> None:
        read_all(server)
        server.close()

    serving = threading.Thread(target=serve)
    serving.start()
    client.close()
    serving.join()
    pause()


@scenario(conditions=FAR)
def simultaneous_close(lab: Lab) -> None:
    """Both ends close before either's FIN has arrived."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    server.close()
    pause(0.3)


@scenario(conditions=FAR)
def simultaneous_shutdown(lab: Lab) -> None:
    """Both ends end their own direction at once, keep their sockets, and close them later."""
    client, server = lab.connect()
    exchange(client, server)
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_WR)
    pause(0.3)
    client.close()
    server.close()
    pause()


@scenario()
def half_close(lab: Lab) -> None:
    """The client ends its direction with shutdown(SHUT_WR); the server goes on sending, and closes later."""
    client, server = lab.connect()
    client.sendall(b'c' * 20)
    client.shutdown(socket.SHUT_WR)
    read_all(server)
    for _ in range(3):
        server.sendall(b's' * 2000)
        pause()
    server.close()
    read_all(client)
    pause()
    client.close()
    pause()


@scenario()
def reset_unread_data(lab: Lab) -> None:
    """The server closes while data that it has acknowledged is unread."""
    client, server = lab.connect()
    client.sendall(b'c' * 100)
    pause()
    server.close()
    pause()
    client.close()
    pause()


@scenario()
def linger_zero(lab: Lab) -> None:
    """The client closes with SO_LINGER on and a time of 0."""
    client, server = lab.connect()
    exchange(client, server)
    abort(client)
    pause()
    server.close()
    pause()


@scenario()
def data_after_close(lab: Lab) -> None:
    """The client closes for good; the server, not knowing that nobody reads, sends on and is reset."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    pause()
    server.sendall(b's' * 100)
    pause()
    server.close()
    pause()


@scenario(conditions=nearby(Rule('client', 'fin', 1, 'drop')))
def fin_lost(lab: Lab) -> None:
    """The client's FIN is lost and repeated."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario()
def last_ack_lost(lab: Lab) -> None:
    """The ACK of the second FIN is lost; the server repeats its FIN, and TIME-WAIT answers."""
    client, server = lab.connect()
    exchange(client, server)
    client.close()
    read_all(server)
    pause()
    lab.bridge.drop_next('client', 'ack')
    server.close()
    pause(0.6)


@scenario()
def time_wait_reused(lab: Lab) -> None:
    """The server closes first; from the same port the client connects again while the server is in TIME-WAIT."""
    listener = lab.listen()
    for _ in range(2):
        client = lab.bound('client')
        client.connect(lab.end('server'))
        server = lab.accept(listener)
        exchange(client, server)
        server.close()
        read_all(client)
        pause()
        client.close()
        pause(0.4)
    listener.close()


# How it begins


@scenario(conditions=FAR)
def simultaneous_open(lab: Lab) -> None:
    """Both ends connect to each other; nobody listens."""
    client, server = lab.bound('client'), lab.bound('server')
    for end in (client, server):
        end.setblocking(False)
    client.connect_ex(lab.end('server'))
    server.connect_ex(lab.end('client'))
    pause(0.4)
    for end in (client, server):
        end.setblocking(True)
    exchange(client, server)
    close_in_turn(client, server)


def connect_in_vain(client: socket.socket, lab: Lab) -> None:
    try:
        client.connect(lab.end('server'))
    except (ConnectionRefusedError, TimeoutError):
        pass


@scenario()
def refused(lab: Lab) -> None:
    """The client connects to a port where nobody listens."""
    connect_in_vain(lab.bound('client'), lab)
    pause()


@scenario(conditions=nearby(Rule('client', 'syn', None, 'drop')), sysctls={'net.ipv4.tcp_syn_retries': '1'})
def unanswered(lab: Lab) -> None:
    """No SYN ever arrives; the client gives up after one repetition."""
    connect_in_vain(lab.bound('client'), lab)
    pause()


@scenario(conditions=FAR)
def abandoned(lab: Lab) -> None:
    """The client gives up before the SYN-ACK arrives, which is then answered with a reset."""
    lab.listen()
    client = lab.bound('client')
    client.setblocking(False)
    client.connect_ex(lab.end('server'))
    time.sleep(0.02)
    client.close()
    pause(0.3)


@scenario(conditions=nearby(Rule('client', 'syn', 1, 'drop')))
def syn_lost(lab: Lab) -> None:
    """The first SYN is lost."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario(conditions=nearby(Rule('server', 'syn-ack', None, 'drop', until_seconds=0.5)))
def syn_ack_lost(lab: Lab) -> None:
    """The first SYN-ACK is lost."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario(conditions=nearby(Rule('client', 'ack', 1, 'drop')))
def handshake_ack_lost(lab: Lab) -> None:
    """The third segment is lost and the client says nothing more until the server has repeated its SYN-ACK."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario(conditions=nearby(Rule('client', 'ack', 1, 'drop')))
def handshake_ack_lost_then_data(lab: Lab) -> None:
    """The third segment is lost, and the data that follows at once completes the handshake."""
    listener = lab.listen()
    client = lab.bound('client')
    client.connect(lab.end('server'))
    client.sendall(b'c' * 100)
    server = lab.accept(listener)
    listener.close()
    read(server, 100)
    close_in_turn(client, server)


@scenario(
    conditions=nearby(*(Rule('client', kind, None, 'drop') for kind in ('ack', 'data', 'fin', 'rst'))),
    sysctls={'net.ipv4.tcp_synack_retries': '1'},
)
def half_open_expires(lab: Lab) -> None:
    """Nothing but the SYN ever reaches the server: it repeats its SYN-ACK once and gives up."""
    lab.listen()
    client = lab.bound('client')
    client.connect(lab.end('server'))
    pause(4)
    abort(client)
    pause()


@scenario(sysctls={'net.ipv4.tcp_syncookies': '2'})
def syn_cookie(lab: Lab) -> None:
    """The server remembers nothing of the SYN and learns from the ACK's cookie."""
    client, server = lab.connect()
    exchange(client, server)
    close_in_turn(client, server)


@scenario(conditions=FAR)
def old_duplicate_syn(lab: Lab) -> None:
    """An old SYN reaches the server before the new one; the client resets the answer (RFC 9293 figure 9)."""
    listener = lab.listen()
    send_raw(lab, seq=90, ack=0, flags=0x02)
    time.sleep(0.01)
    client = lab.bound('client')
    client.connect(lab.end('server'))
    server = lab.accept(listener)
    exchange(client, server)
    close_in_turn(client, server)


def send_raw(lab: Lab, seq: int, ack: int, flags: int) -> None:
    """A segment in the client's name of which the client's TCP knows nothing."""
    raw = lab.open_socket('client', kind=socket.SOCK_RAW, protocol=socket.IPPROTO_TCP)
    (client, client_port), (server, server_port) = lab.end('client'), lab.end('server')
    addresses = socket.inet_aton(client) + socket.inet_aton(server)
    segment = bytearray(struct.pack('!HHIIBBHHH', client_port, server_port, seq, ack, 5 << 4, flags, 1000, 0, 0))
    total = sum(struct.unpack('!16H', addresses + struct.pack('!HH', socket.IPPROTO_TCP, len(segment)) + segment))
    total = (total & 0xFFFF) + (total >> 16)
    struct.pack_into('!H', segment, 16, ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF)
    raw.sendto(bytes(segment), (server, 0))


# Fast Open

FAST_OPEN = {'net.ipv4.tcp_fastopen': '3'}
TCP_FASTOPEN = 23


def fast_open_listener(lab: Lab) -> socket.socket:
    listener = lab.listen()
    listener.setsockopt(socket.IPPROTO_TCP, TCP_FASTOPEN, 8)
    return listener


def fetch_cookie(lab: Lab) -> None:
    with fast_open_listener(lab) as listener:
        client = lab.open_socket('client')
        client.sendto(b'c' * 10, socket.MSG_FASTOPEN, lab.end('server'))
        server = lab.accept(listener)
    read(server, 10)
    abort(client)
    pause()
    server.close()


@scenario(sysctls=FAST_OPEN)
def fast_open_asks_for_cookie(lab: Lab) -> None:
    """The first connection of a client: it asks for a Fast Open cookie and gets one."""
    with fast_open_listener(lab) as listener:
        client = lab.bound('client')
        client.sendto(b'c' * 50, socket.MSG_FASTOPEN, lab.end('server'))
        server = lab.accept(listener)
    read(server, 50)
    exchange(client, server)
    close_in_turn(client, server)


@scenario(sysctls=FAST_OPEN, prepare=fetch_cookie)
def fast_open(lab: Lab) -> None:
    """The SYN carries a cookie and data; the server answers before the handshake is complete."""
    with fast_open_listener(lab) as listener:
        client = lab.bound('client')
        client.sendto(b'c' * 50, socket.MSG_FASTOPEN, lab.end('server'))
        server = lab.accept(listener)
    read(server, 50)
    server.sendall(b's' * 60)
    read(client, 60)
    exchange(client, server)
    close_in_turn(client, server)


@scenario(sysctls=FAST_OPEN, prepare=fetch_cookie)
def fast_open_declined(lab: Lab) -> None:
    """The SYN carries a cookie and data, but the server does not do Fast Open any more: the data is sent again."""
    lab.sysctl('server', 'net.ipv4.tcp_fastopen', '0')
    listener = lab.listen()
    client = lab.bound('client')
    client.sendto(b'c' * 50, socket.MSG_FASTOPEN, lab.end('server'))
    server = lab.accept(listener)
    listener.close()
    read(server, 50)
    exchange(client, server)
    close_in_turn(client, server)


# In between

FULL_SEGMENT = 1448


def upload(lab: Lab, size: int) -> None:
    """Opens a connection on which the client sends, and closes it."""
    send_and_close(*lab.connect(), size)


def send_and_close(client: socket.socket, server: socket.socket, size: int) -> None:
    """The client sends, the server reads all and closes after it."""
    sending = threading.Thread(target=client.sendall, args=(b'c' * size,))
    sending.start()
    read(server, size)
    sending.join()
    pause()
    close_in_turn(client, server)


@scenario(conditions=nearby(Rule('client', 'data', 6, 'drop')))
def data_lost(lab: Lab) -> None:
    """One data segment of twenty is lost and mended by a fast retransmission."""
    upload(lab, 20 * FULL_SEGMENT)


@scenario(conditions=nearby(Rule('client', 'data', 10, 'drop')))
def tail_lost(lab: Lab) -> None:
    """The last data segment is lost and mended by a tail loss probe."""
    upload(lab, 10 * FULL_SEGMENT)


@scenario(
    conditions=nearby(*(Rule('client', 'data', number, 'drop') for number in (2, 3))),
    sysctls={'net.ipv4.tcp_early_retrans': '0'},
)
def retransmission_timeout(lab: Lab) -> None:
    """A lonely segment and its first repetition are lost: the timer expires twice."""
    client, server = lab.connect()
    exchange(client, server)
    exchange(client, server)
    close_in_turn(client, server)


@scenario(conditions=nearby(Rule('server', 'ack', 2, 'drop')))
def ack_lost(lab: Lab) -> None:
    """The ACK of the last data is lost; what is sent again had been received (DSACK)."""
    client, server = lab.connect()
    client.sendall(b'c' * 100)
    pause()
    client.sendall(b'c' * 100)
    read(server, 200)
    pause(0.5)
    close_in_turn(client, server)


@scenario(conditions=nearby(Rule('client', 'data', 4, 'delay', ms=3), Rule('client', 'data', 9, 'delay', ms=30)))
def reordered(lab: Lab) -> None:
    """Two data segments are overtaken by others."""
    upload(lab, 20 * FULL_SEGMENT)


@scenario(conditions=Conditions(delay_ms=5, duplicate=0.3, seed=3))
def duplicated(lab: Lab) -> None:
    """Three segments of ten arrive twice."""
    upload(lab, 10 * FULL_SEGMENT)


@scenario()
def zero_window(lab: Lab) -> None:
    """The server does not read for a while: its window closes, is probed, and reopens."""
    listener = lab.listen()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    client = lab.bound('client')
    client.connect(lab.end('server'))
    server = lab.accept(listener)
    listener.close()
    client.sendall(b'c' * 24000)
    pause(2)
    read(server, 24000)
    pause()
    close_in_turn(client, server)


def keep_alive_every_second(end: socket.socket) -> None:
    end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2)):
        end.setsockopt(socket.IPPROTO_TCP, option, value)


@scenario()
def keep_alive(lab: Lab) -> None:
    """Three seconds of silence, with keep-alives."""
    client, server = lab.connect()
    keep_alive_every_second(client)
    exchange(client, server)
    pause(3)
    exchange(client, server)
    close_in_turn(client, server)


@scenario()
def keep_alive_unanswered(lab: Lab) -> None:
    """The server becomes unreachable; two keep-alives go unanswered and the client resets the connection."""
    client, server = lab.connect()
    keep_alive_every_second(client)
    exchange(client, server)
    lab.ip('server', 'link set eth0 down')
    pause(4)


@scenario()
def peer_vanished(lab: Lab) -> None:
    """The server becomes unreachable while data is on its way; the client gives up (TCP_USER_TIMEOUT)."""
    client, server = lab.connect()
    exchange(client, server)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1500)
    lab.ip('server', 'link set eth0 down')
    client.sendall(b'c' * 100)
    pause(4)


@scenario(conditions=nearby(Rule('server', 'rst', 1, 'drop')))
def half_open_discovered(lab: Lab) -> None:
    """The server's reset is lost; it has forgotten the connection when the client speaks again (RFC 9293 figure 10)."""
    client, server = lab.connect()
    exchange(client, server)
    abort(server)
    pause()
    client.sendall(b'c' * 100)
    pause()
    client.close()


TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
RECEIVE_QUEUE, SEND_QUEUE, REPAIR_OFF_WITHOUT_PROBE = 1, 2, -1


def repair_reading(end: socket.socket) -> tuple[int, int]:
    """SND.NXT and RCV.NXT of an idle connection, as TCP_REPAIR tells them."""
    numbers = []
    end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    for queue in (SEND_QUEUE, RECEIVE_QUEUE):
        end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
        numbers.append(end.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ) & 0xFFFFFFFF)
    end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, 0)
    end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, REPAIR_OFF_WITHOUT_PROBE)
    return numbers[0], numbers[1]


@scenario()
def challenge_ack(lab: Lab) -> None:
    """A reset inside the window but not at its edge, then a SYN: each is answered with an ACK (RFC 5961)."""
    client, server = lab.connect()
    exchange(client, server)
    snd_nxt, rcv_nxt = repair_reading(client)
    send_raw(lab, seq=(snd_nxt + 100) & 0xFFFFFFFF, ack=0, flags=0x04)
    pause(0.7)  # Linux sends such an ACK at most every half second
    send_raw(lab, seq=(snd_nxt + 100) & 0xFFFFFFFF, ack=rcv_nxt, flags=0x02)
    pause()
    exchange(client, server)
    close_in_turn(client, server)


def both_ways(lab: Lab, size: int) -> None:
    """Each end sends and reads at the same time; the client closes first."""
    client, server = lab.connect()
    threads = [threading.Thread(target=end.sendall, args=(bytes(size),)) for end in (client, server)]
    threads += [threading.Thread(target=read, args=(end, size)) for end in (client, server)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    pause(0.5)
    close_in_turn(client, server)
    pause(1)


@scenario(conditions=Conditions(delay_ms=10, jitter_ms=2, loss=0.1, reorder=0.03, duplicate=0.02, seed=7))
def heavy_loss(lab: Lab) -> None:
    """One segment of ten is lost, each way; some are reordered or duplicated. The client sends 60 000 bytes."""
    upload(lab, 60_000)
    pause(1)


@scenario(conditions=Conditions(delay_ms=10, jitter_ms=2, loss=0.06, reorder=0.03, duplicate=0.02, seed=11))
def heavy_loss_both_ways(lab: Lab) -> None:
    """Both ends send 40 000 bytes at once over a line that loses six segments of a hundred."""
    both_ways(lab, 40_000)


ISN_TICK_SECONDS = 64e-9
BYTES_BEFORE_WRAP = 20_000
RECORDER_STARTS_SECONDS = 25  # at most, on a busy machine


def find_port_about_to_wrap(lab: Lab) -> float:
    """Sets the client's port, and tells when to connect from it, so that its numbers soon pass 2^32.

    For given addresses and ports Linux' initial sequence number counts up by one every 64 ns (RFC 6528). Refused
    connections from many ports tell where each count stands.
    """
    soonest = {}
    for port in range(40_000, 40_060):
        lab.ports['client'] = port
        probe = lab.bound('client')
        now = time.monotonic()
        connect_in_vain(probe, lab)
        isn = lab.bridge.last['client'].seq
        soonest[now + (2**32 - BYTES_BEFORE_WRAP - isn) * ISN_TICK_SECONDS] = port
    when = min(time_ for time_ in soonest if time_ > time.monotonic() + RECORDER_STARTS_SECONDS)
    lab.ports['client'] = soonest[when]
    return when


@scenario(prepare=find_port_about_to_wrap)
def numbers_wrap(lab: Lab, when: float) -> None:
    """The client's sequence numbers pass 2^32 in the midst of its data."""
    with lab.listen() as listener:
        client = lab.bound('client')
        time.sleep(when - time.monotonic())
        client.connect(lab.end('server'))
        if lab.bridge.last['client'].seq < 2**32 - BYTES_BEFORE_WRAP * 2:
            raise RuntimeError('the moment has passed: record numbers-wrap again when the machine is less busy')
        server = lab.accept(listener)
    send_and_close(client, server, 3 * BYTES_BEFORE_WRAP)
