"""What the kernel itself says of a connection: state changes, variables, retransmissions, congestion states.

Read with bpftrace from stable tracepoints. Each line that it prints is an event with the socket's variables at that
moment, as they stand in `struct tcp_sock`; the kernel's own type information says where.
"""

import os
import signal
import subprocess
import time
from dataclasses import dataclass

# The order of enum tcp_state; the last two have no counterpart in the RFC.
STATES = (
    '', 'ESTABLISHED', 'SYN-SENT', 'SYN-RECEIVED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSED', 'CLOSE-WAIT',
    'LAST-ACK', 'LISTEN', 'CLOSING', 'NEW-SYN-RECV',
)  # fmt: skip
CONGESTION_STATES = ('open', 'disorder', 'cwr', 'recovery', 'loss')  # the order of enum tcp_ca_state

VARIABLES = (
    'sndUna', 'sndNxt', 'sndWnd', 'sndWl1', 'rcvNxt', 'rcvWup', 'rcvWnd', 'cwnd', 'ssthresh', 'srttUs',
)  # fmt: skip

# A SYN that is answered makes a request socket, and TIME-WAIT a small socket of its own: neither has all variables.
PROGRAM = r"""
BEGIN { printf("ready\n"); }

tracepoint:sock:inet_sock_set_state /args->protocol == 6 && (args->sport == PORT || args->dport == PORT)/ {
    $tp = (struct tcp_sock *)args->skaddr;
    printf("state %llu %d %d %d %d %u %u %u %u %u %u %u %u %u %u\n", nsecs, args->sport, args->dport, args->oldstate,
        args->newstate, $tp->snd_una, $tp->snd_nxt, $tp->snd_wnd, $tp->snd_wl1, $tp->rcv_nxt, $tp->rcv_wup,
        $tp->rcv_wnd, $tp->snd_cwnd, $tp->snd_ssthresh, $tp->srtt_us >> 3);
}

tracepoint:tcp:tcp_probe /args->sport == PORT || args->dport == PORT/ {
    $skb = (struct sk_buff *)args->skbaddr;
    $th = (struct tcphdr *)($skb->head + $skb->transport_header);
    $tp = (struct tcp_sock *)args->skaddr;
    printf("arrival %llu %d %d %u %u %u %u %u %u %u %u %u %u %u %u\n", nsecs, args->sport, args->dport,
        bswap($th->seq), bswap($th->ack_seq), $tp->snd_una, $tp->snd_nxt, $tp->snd_wnd, $tp->snd_wl1, $tp->rcv_nxt,
        $tp->rcv_wup, $tp->rcv_wnd, $tp->snd_cwnd, $tp->snd_ssthresh, $tp->srtt_us >> 3);
}

tracepoint:net:net_dev_queue {
    $skb = (struct sk_buff *)args->skbaddr;
    $sk = $skb->sk;
    if ((uint64)$sk != 0) {
        $sport = $sk->__sk_common.skc_num;
        $dport = bswap($sk->__sk_common.skc_dport);
        $state = $sk->__sk_common.skc_state;
        if (($sport == PORT || $dport == PORT) && $state != 10) {
            $th = (struct tcphdr *)($skb->head + $skb->transport_header);
            $seq = bswap($th->seq);
            $ack = bswap($th->ack_seq);
            if ($state == 12) {
                $req = (struct tcp_request_sock *)$sk;
                printf("request %llu %d %d %u %u %u %u\n", nsecs, $sport, $dport, $seq, $ack, $req->snt_isn + 1,
                    $req->rcv_nxt);
            } else if ($state == 6) {
                printf("timewait %llu %d %d %u %u %u %u\n", nsecs, $sport, $dport, $seq, $ack, $sk->__sk_common.skc_tw_snd_nxt,
                    $sk->__sk_common.skc_tw_rcv_nxt);
            } else {
                $tp = (struct tcp_sock *)$sk;
                printf("departure %llu %d %d %u %u %u %u %u %u %u %u %u %u %u %u\n", nsecs, $sport, $dport, $seq, $ack,
                    $tp->snd_una, $tp->snd_nxt, $tp->snd_wnd, $tp->snd_wl1, $tp->rcv_nxt, $tp->rcv_wup, $tp->rcv_wnd,
                    $tp->snd_cwnd, $tp->snd_ssthresh, $tp->srtt_us >> 3);
            }
        }
    }
}

tracepoint:tcp:tcp_retransmit_skb /args->sport == PORT || args->dport == PORT/ {
    $cb = (struct tcp_skb_cb *)(((struct sk_buff *)args->skbaddr)->cb);
    printf("retransmission %llu %d %d %u %u\n", nsecs, args->sport, args->dport, $cb->seq, $cb->end_seq);
}

tracepoint:tcp:tcp_retransmit_synack /args->sport == PORT || args->dport == PORT/ {
    $req = (struct tcp_request_sock *)args->req;
    printf("retransmission %llu %d %d %u %u\n", nsecs, args->sport, args->dport, $req->snt_isn, $req->snt_isn + 1);
}

tracepoint:tcp:tcp_cong_state_set /args->sport == PORT || args->dport == PORT/ {
    printf("congestion %llu %d %d %d\n", nsecs, args->sport, args->dport, args->cong_state);
}
"""


@dataclass(frozen=True)
class Event:
    kind: str  # the first word of the line
    time: int  # nanoseconds since the epoch
    local_port: int
    remote_port: int
    numbers: tuple[int, ...]  # what follows on the line


TRACEFS = '/sys/kernel/tracing'


class KernelLog:
    """Logs the connections to and from a server's port, on this machine, from its making to `stop()`."""

    def __init__(self, server_port: int):
        if not os.path.exists(f'{TRACEFS}/events'):
            subprocess.run(['mount', '-t', 'tracefs', 'nodev', TRACEFS], check=True)
        program = PROGRAM.replace('PORT', str(server_port))
        command = ['bpftrace', '-q', '-B', 'line', '-e', program]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self._process.stdout.readline() != 'ready\n':
            raise RuntimeError(f'bpftrace: {self._process.communicate()[1]}')
        time.sleep(0.5)  # it says so before the last probe is attached

    def stop(self) -> list[Event]:
        # bpftrace's clock is the time since boot.
        epoch_at_boot = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        output, errors = self._interrupt()
        if 'Lost' in output + errors:
            raise RuntimeError(f'bpftrace lost events: {errors}')
        events = []
        for line in filter(None, output.splitlines()):
            kind, *words = line.split()
            when, local, remote, *numbers = map(int, words)
            events.append(Event(kind, when + epoch_at_boot, local, remote, tuple(numbers)))
        return sorted(events, key=lambda event: event.time)  # each CPU reports on its own

    def _interrupt(self) -> tuple[str, str]:
        """bpftrace notices a signal only while it waits for events: one may be in vain."""
        for _ in range(100):
            self._process.send_signal(signal.SIGINT)
            try:
                return self._process.communicate(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
        raise RuntimeError('bpftrace does not end')

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
