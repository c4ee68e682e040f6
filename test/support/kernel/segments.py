"""Just enough of Ethernet, IP and TCP to recognise a segment on its way through the bridge."""

import struct
from dataclasses import dataclass

ETHERTYPE_IPV4, ETHERTYPE_IPV6 = 0x0800, 0x86DD
PROTOCOL_TCP = 6
ETHERNET_HEADER_BYTES, IPV6_HEADER_BYTES = 14, 40
FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10


@dataclass(frozen=True)
class Segment:
    source_port: int
    destination_port: int
    seq: int
    ack: int
    flags: int
    payload_bytes: int

    @property
    def kind(self) -> str:
        """What rules call it: rst, syn-ack, syn, fin, data or ack; the first that fits."""
        if self.flags & RST:
            return 'rst'
        if self.flags & SYN:
            return 'syn-ack' if self.flags & ACK else 'syn'
        if self.flags & FIN:
            return 'fin'
        return 'data' if self.payload_bytes else 'ack'


def read_segment(frame: bytes) -> Segment | None:
    """The TCP segment in an Ethernet frame; None for anything else."""
    ethertype = int.from_bytes(frame[12:14], 'big')
    if ethertype == ETHERTYPE_IPV4 and frame[23] == PROTOCOL_TCP:
        start = ETHERNET_HEADER_BYTES + (frame[14] & 15) * 4
        end = ETHERNET_HEADER_BYTES + int.from_bytes(frame[16:18], 'big')
    elif ethertype == ETHERTYPE_IPV6 and frame[20] == PROTOCOL_TCP:
        start = ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES
        end = start + int.from_bytes(frame[18:20], 'big')
    else:
        return None
    source, destination, seq, ack, offset, flags = struct.unpack_from('!HHIIBB', frame, start)
    return Segment(source, destination, seq, ack, flags, end - start - (offset >> 4) * 4)
