"""Two hosts, `client` and `server`, each in a network namespace of its own, with a bridge between them.

Needs root and Linux. Touches nothing outside the namespaces that it makes, and removes them at the end.
"""

import ctypes
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from pathlib import Path

from bridge import SIDES, Bridge, Conditions

ADDRESS = {'client': '10.1.0.2', 'server': '10.2.0.9'}
ADDRESS6 = {'client': '2001:db8:1::2', 'server': '2001:db8:2::9'}
MAC = {'client': '02:00:0a:01:00:02', 'server': '02:00:0a:02:00:09'}

CLIENT_PORT, SERVER_PORT = 50001, 4000

# Set alike on every machine, whatever its defaults.
SYSCTLS = {
    'net.ipv4.tcp_congestion_control': 'reno',  # RFC 5681's; others need a permission that namespaces lack
    'net.ipv4.tcp_rmem': '4096 131072 6291456',
    'net.ipv4.tcp_wmem': '4096 16384 4194304',
    'net.ipv4.tcp_syn_linear_timeouts': '0',  # double the wait after each SYN, as RFC 6298 has it
    'net.ipv6.conf.eth0.accept_dad': '0',
    'net.ipv6.conf.eth0.router_solicitations': '0',
}

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class Lab:
    def __init__(self, conditions: Conditions = Conditions(), sysctls: dict[str, str] | None = None):
        # Where the connection that a story is about begins and ends.
        self.ports = {'client': CLIENT_PORT, 'server': SERVER_PORT}
        self.namespaces = {side: f'tte{os.getpid()}{side[0]}' for side in SIDES}
        self._running: list[subprocess.Popen] = []
        self._sockets: list[socket.socket] = []
        self.bridge: Bridge | None = None
        try:
            for namespace in self.namespaces.values():
                _command(f'ip netns add {namespace}')
            self.bridge = Bridge(self.namespaces, conditions)
            for side in SIDES:
                self._configure(side, {**SYSCTLS, **(sysctls or {})})
        except BaseException:
            self.close()
            raise

    def _configure(self, side: str, sysctls: dict[str, str]) -> None:
        other = 'server' if side == 'client' else 'client'
        for name, value in sysctls.items():
            self.sysctl(side, name, value)
        self.ip(side, f'link set eth0 address {MAC[side]}')
        self.ip(side, 'link set lo up')
        self.ip(side, 'link set eth0 up')
        for addresses, bits in ((ADDRESS, 32), (ADDRESS6, 128)):
            self.ip(side, f'addr add {addresses[side]}/{bits} dev eth0')
            self.ip(side, f'route add {addresses[other]}/{bits} dev eth0')
            self.ip(side, f'neigh replace {addresses[other]} lladdr {MAC[other]} dev eth0')

    def __enter__(self) -> 'Lab':
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for each in self._sockets:
            each.close()
        for process in self._running:
            if process.poll() is None:
                process.kill()
            process.wait()
        if self.bridge:
            self.bridge.close()
        for namespace in self.namespaces.values():
            subprocess.run(['ip', 'netns', 'del', namespace], check=False, stderr=subprocess.DEVNULL)

    def ip(self, side: str, arguments: str) -> None:
        _command(f'ip -n {self.namespaces[side]} {arguments}')

    def sysctl(self, side: str, name: str, value: str) -> None:
        """Settings of the host's own network stack (a namespace has its own copy)."""
        self.run(side, ['sysctl', '-qw', f'{name}={value}'])

    def start(self, side: str, command: str | list[str], **options) -> subprocess.Popen:
        words = shlex.split(command) if isinstance(command, str) else command
        process = subprocess.Popen(['ip', 'netns', 'exec', self.namespaces[side], *words], **options)
        self._running.append(process)
        return process

    def run(self, side: str, command: str | list[str], check: bool = True) -> str:
        process = self.start(side, command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        output, errors = process.communicate(timeout=120)
        if check and process.returncode != 0:
            raise RuntimeError(f'{command}: {errors or output}')
        return output

    def open_socket(self, side: str, family=socket.AF_INET, kind=socket.SOCK_STREAM, protocol: int = 0) -> socket.socket:
        """A socket of that host in this process: a socket stays in the namespace in which it was made."""
        home = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
        away = os.open(f'/run/netns/{self.namespaces[side]}', os.O_RDONLY)
        try:
            if _libc.setns(away, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), 'setns')
            made = socket.socket(family, kind, protocol)
        finally:
            _libc.setns(home, CLONE_NEWNET)
            os.close(home)
            os.close(away)
        return self._keep(made)

    def accept(self, listener: socket.socket) -> socket.socket:
        accepted, _ = listener.accept()
        return self._keep(accepted)

    def _keep(self, made: socket.socket) -> socket.socket:
        """A socket that nobody refers to is closed: not before the lab is."""
        self._sockets.append(made)
        return made

    def end(self, side: str) -> tuple[str, int]:
        return ADDRESS[side], self.ports[side]

    def bound(self, side: str) -> socket.socket:
        """A socket with its own end of the connection chosen, which neither listens nor is connected yet."""
        made = self.open_socket(side)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(self.end(side))
        return made

    def listen(self, port: int | None = None, backlog: int = 8) -> socket.socket:
        """A listening socket of the server."""
        listener = self.open_socket('server')
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS['server'], port or self.ports['server']))
        listener.listen(backlog)
        return listener

    def connect(self) -> tuple[socket.socket, socket.socket]:
        """The client's and the server's end of a new connection; the listening socket is closed."""
        with self.listen() as listener:
            client = self.bound('client')
            client.connect(self.end('server'))
            return client, self.accept(listener)

    def wait_for_listener(self, port: int) -> None:
        """Until a program of the server listens on the port."""
        for _ in range(200):
            if self.run('server', f'ss -Hltn sport = :{port}'):
                return
            time.sleep(0.05)
        raise RuntimeError(f'nothing listens on port {port}')

    def capture(self, side: str, path: Path, precision: str = 'micro', snap_bytes: int = 2000) -> 'Capture':
        return Capture(self, side, path, precision, snap_bytes)


class Capture:
    """tcpdump at one of the hosts; `stop()` or leaving the block ends it, and fails if a packet was missed."""

    def __init__(self, lab: Lab, side: str, path: Path, precision: str, snap_bytes: int):
        # With immediate mode and the default snap length the ring holds a few packets only, and loses the next.
        options = f'-Z root -s {snap_bytes} -B 65536 -U --immediate-mode --time-stamp-precision={precision}'
        command = f'tcpdump -i eth0 {options} -w {path} tcp or icmp or icmp6'
        self._process = lab.start(side, command, stderr=subprocess.PIPE, text=True)
        self._wait_for('listening on')

    def _wait_for(self, words: str) -> None:
        for line in self._process.stderr:
            if words in line:
                return
        raise RuntimeError('tcpdump did not start')

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        _, report = self._process.communicate(timeout=60)
        missed = re.search(r'(\d+) packets? dropped by kernel', report)
        if missed is None or missed[1] != '0':
            raise RuntimeError(f'tcpdump missed packets: {report}')

    def __enter__(self) -> 'Capture':
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.stop()


def _command(line: str) -> None:
    done = subprocess.run(line.split(), capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f'{line}: {done.stderr.strip()}')
