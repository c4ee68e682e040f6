import { u32be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import {
  END,
  linkType,
  NEXT_ETHERNET,
  NEXT_FRAME_RELAY,
  NEXT_IP,
  NEXT_IPV6,
  NEXT_MPLS,
  NEXT_PPP_HDLC,
  NEXT_SFLOW_SAMPLE,
  NEXT_WLAN,
  UDP_PORT,
} from '../next';
import type { Protocol } from '../protocol';

const VERSION = 5;
/** Lengths of the datagram's header, which begins with the version and the agent's address. */
const HEADER_BYTES_IPV4 = 28;
const HEADER_BYTES_IPV6 = 40;
const ADDRESS_IPV6 = 2;

/** sFlow version 5: samples of packets that a switch saw; each is a header of its own here. */
export const sflow: Protocol = {
  id: 'sflow',
  place: 'tunnel',
  name: 'InMon sFlow',
  claims: [UDP_PORT + 6343],
  step(cursor) {
    const { bytes, at } = cursor;
    if (!cursor.has(HEADER_BYTES_IPV4) || u32be(bytes, at) !== VERSION) return END;
    const length = u32be(bytes, at + 4) === ADDRESS_IPV6 ? HEADER_BYTES_IPV6 : HEADER_BYTES_IPV4;
    if (!cursor.has(length)) return END;
    cursor.skip(length);
    return NEXT_SFLOW_SAMPLE;
  },
  describe(view) {
    const isIpv6 = view.u32(4) === ADDRESS_IPV6;
    const at = isIpv6 ? 24 : 12;
    view.uint('sflow.version', 'Version', 0, 4);
    view.uint('sflow.agent.addresstype', 'Address Type', 4, 4);
    if (isIpv6) view.ipv6('sflow.agent.v6', 'Agent Address', 8);
    else view.ipv4('sflow.agent', 'Agent Address', 8);
    view.uint('sflow.sub_agent_id', 'Sub-Agent ID', at, 4);
    view.uint('sflow.sequence_number', 'Sequence Number', at + 4, 4);
    view.uint('sflow.sysuptime', 'System Uptime', at + 8, 4);
    view.uint('sflow.numsamples', 'Samples', at + 12, 4);
    return `${view.u32(at + 12)} samples`;
  },
};

/** Sample types (enterprise 0) and where their records begin, behind type and length. */
const FLOW_SAMPLE = 1;
const EXPANDED_FLOW_SAMPLE = 3;
const RECORDS_AT: Readonly<Record<number, number>> = { [FLOW_SAMPLE]: 32, [EXPANDED_FLOW_SAMPLE]: 44 };
/** Record that holds the first bytes of the packet. */
const RAW_HEADER = 1;

const HEADER_PROTOCOLS: Readonly<Record<number, number>> = {
  1: NEXT_ETHERNET,
  3: linkType(6), // Token Ring
  4: linkType(10), // FDDI
  5: NEXT_FRAME_RELAY,
  7: NEXT_PPP_HDLC,
  11: NEXT_IP,
  12: NEXT_IPV6,
  13: NEXT_MPLS,
  15: NEXT_WLAN,
};

/** One sample: what was sampled is not a packet of this link, so nothing about its length can be relied on. */
export const sflowSample: Protocol = {
  id: 'sflow.sample',
  place: 'tunnel',
  name: 'sFlow sample',
  claims: [NEXT_SFLOW_SAMPLE],
  step(cursor) {
    if (!cursor.has(8)) return END;
    const { bytes, at } = cursor;
    const type = u32be(bytes, at);
    const length = u32be(bytes, at + 4);
    const next = at + 8 + length;
    if (next < cursor.end) cursor.postpone(NEXT_SFLOW_SAMPLE, next);
    cursor.narrow(8 + length);
    cursor.skip(8);
    const recordsAt = RECORDS_AT[type];
    if (recordsAt === undefined || !cursor.has(recordsAt)) return END;
    cursor.skip(recordsAt);
    return findPacket(cursor);
  },
  describe(view) {
    const type = view.u32(0);
    view.uint('sflow.sampletype', 'Sample Type', 0, 4);
    view.uint('sflow.sample_length', 'Sample Length', 4, 4);
    view.raw('sflow.sample', 'Sample', 8, Math.max(0, view.headerBytes - 8));
    return `type ${type}`;
  },
};

/** Goes to the packet in the first record that holds one. */
function findPacket(cursor: Cursor): number {
  const { bytes } = cursor;
  while (cursor.has(8)) {
    const format = u32be(bytes, cursor.at);
    const length = u32be(bytes, cursor.at + 4);
    if (format !== RAW_HEADER) {
      if (!cursor.has(8 + length)) return END;
      cursor.skip(8 + length);
      continue;
    }
    if (!cursor.has(24)) return END;
    const protocol = u32be(bytes, cursor.at + 8);
    const frameBytes = u32be(bytes, cursor.at + 12);
    const headerBytes = u32be(bytes, cursor.at + 20);
    cursor.skip(24);
    cursor.narrow(headerBytes);
    // On its own link the packet was as long as the sample says, whatever this datagram holds of it.
    cursor.limit = Math.max(cursor.end, cursor.at + frameBytes);
    cursor.sampled = true;
    return HEADER_PROTOCOLS[protocol] ?? END;
  }
  return END;
}
