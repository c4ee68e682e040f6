import { u16be, u32be } from '../../bytes/endian';
import type { TcpOption } from '../../model/segment';
import { hexText } from '../header-view';

/** TCP option kinds (IANA registry "TCP Option Kind Numbers"). */
export const END_OF_OPTIONS = 0;
export const NO_OPERATION = 1;
export const MAXIMUM_SEGMENT_SIZE = 2;
export const WINDOW_SCALE = 3;
export const SACK_PERMITTED = 4;
export const SACK = 5;
export const TIMESTAMPS = 8;
export const MULTIPATH = 30;
export const FAST_OPEN = 34;
export const EXPERIMENT_1 = 253;
export const EXPERIMENT_2 = 254;

/** Experiment identifiers (RFC 6994) of kinds 253 and 254. */
export const FAST_OPEN_EXPERIMENT = 0xf989;
const EXPERIMENTS: Readonly<Record<number, string>> = {
  0xf989: 'fast-open-experimental',
  0xacce: 'accecn-experimental',
  0xacc0: 'accecn0-experimental',
  0xacc1: 'accecn1-experimental',
  0x454e: 'tcp-eno-experimental',
  0x00ee: 'tcp-edo-experimental',
  0x0ede: 'tcp-edo-experimental',
};
/** IBM's SMC-R and SMC-D mark themselves with "SMCR" and "SMCD" in EBCDIC (RFC 7609). */
const SHARED_MEMORY: Readonly<Record<number, string>> = { 0xe2d4c3d9: 'smc-r', 0xe2d4c3c4: 'smc-d' };

interface OptionKind {
  /** As in `segments --json`. */
  readonly kind: string;
  /** As a person reads it; a key of the translation. */
  readonly name: string;
  /** Whole length in bytes, where the definition allows only one. */
  readonly bytes?: number;
  /** Wireshark's name. */
  readonly id?: string;
}

const KINDS: Readonly<Record<number, OptionKind>> = {
  0: { kind: 'end', name: 'End of Option List', id: 'tcp.options.eol' },
  1: { kind: 'nop', name: 'No-Operation', id: 'tcp.options.nop' },
  2: { kind: 'mss', name: 'Maximum Segment Size', bytes: 4, id: 'tcp.options.mss' },
  3: { kind: 'window-scale', name: 'Window Scale', bytes: 3, id: 'tcp.options.wscale' },
  4: { kind: 'sack-permitted', name: 'SACK Permitted', bytes: 2, id: 'tcp.options.sack_perm' },
  5: { kind: 'sack', name: 'SACK', id: 'tcp.options.sack' },
  6: { kind: 'echo', name: 'Echo', bytes: 6, id: 'tcp.options.echo' },
  7: { kind: 'echo-reply', name: 'Echo Reply', bytes: 6, id: 'tcp.options.echo_reply' },
  8: { kind: 'timestamps', name: 'Timestamps', bytes: 10, id: 'tcp.options.timestamp' },
  9: { kind: 'partial-order-permitted', name: 'Partial Order Connection Permitted', bytes: 2 },
  10: { kind: 'partial-order-profile', name: 'Partial Order Service Profile', bytes: 3 },
  11: { kind: 'cc', name: 'Connection Count', bytes: 6, id: 'tcp.options.cc' },
  12: { kind: 'cc-new', name: 'Connection Count New', bytes: 6, id: 'tcp.options.ccnew' },
  13: { kind: 'cc-echo', name: 'Connection Count Echo', bytes: 6, id: 'tcp.options.ccecho' },
  14: { kind: 'alternate-checksum-request', name: 'Alternate Checksum Request', bytes: 3 },
  15: { kind: 'alternate-checksum-data', name: 'Alternate Checksum Data' },
  16: { kind: 'skeeter', name: 'Skeeter' },
  17: { kind: 'bubba', name: 'Bubba' },
  18: { kind: 'trailer-checksum', name: 'Trailer Checksum', bytes: 3 },
  19: { kind: 'md5-signature', name: 'MD5 Signature', bytes: 18, id: 'tcp.options.md5' },
  20: { kind: 'scps-capabilities', name: 'SCPS Capabilities', id: 'tcp.options.scps' },
  21: { kind: 'snack', name: 'Selective Negative Acknowledgment', id: 'tcp.options.snack' },
  22: { kind: 'record-boundaries', name: 'SCPS Record Boundary' },
  23: { kind: 'corruption-experienced', name: 'SCPS Corruption Experienced' },
  24: { kind: 'snap', name: 'SNAP' },
  26: { kind: 'compression-filter', name: 'TCP Compression Filter' },
  27: { kind: 'quick-start', name: 'Quick-Start Response', bytes: 8, id: 'tcp.options.qs' },
  28: { kind: 'user-timeout', name: 'User Timeout', bytes: 4, id: 'tcp.options.user_to' },
  29: { kind: 'ao', name: 'TCP Authentication Option', id: 'tcp.options.ao' },
  30: { kind: 'mptcp', name: 'Multipath TCP', id: 'tcp.options.mptcp' },
  34: { kind: 'fast-open', name: 'Fast Open Cookie', id: 'tcp.options.tfo' },
  69: { kind: 'tcp-eno', name: 'Encryption Negotiation' },
  76: { kind: 'riverbed-probe', name: 'Riverbed Probe', id: 'tcp.options.rvbd.probe' },
  78: { kind: 'riverbed-transparency', name: 'Riverbed Transparency', id: 'tcp.options.rvbd.trpy' },
  172: { kind: 'accecn0', name: 'Accurate ECN Order 0', id: 'tcp.options.acc_ecn' },
  174: { kind: 'accecn1', name: 'Accurate ECN Order 1', id: 'tcp.options.acc_ecn' },
  253: { kind: 'experiment-253', name: 'Experiment 1', id: 'tcp.options.experimental' },
  254: { kind: 'experiment-254', name: 'Experiment 2', id: 'tcp.options.experimental' },
};

/** Multipath TCP subtypes (RFC 8684 §8.2, RFC 6824). */
export const MULTIPATH_SUBTYPES = [
  'MP_CAPABLE',
  'MP_JOIN',
  'DSS',
  'ADD_ADDR',
  'REMOVE_ADDR',
  'MP_PRIO',
  'MP_FAIL',
  'MP_FASTCLOSE',
  'MP_TCPRST',
] as const;

/** Name of the option that has a Wireshark id. */
export const optionName = (id: string): string =>
  Object.values(KINDS).find((kind) => kind.id === id)?.name ?? 'Unknown Option';

/** Name, kind and Wireshark id of an option, by its kind number. */
export const optionKind = (kind: number): OptionKind =>
  KINDS[kind] ?? { kind: `option-${kind}`, name: 'Unknown Option' };

/** Where one option lies. */
export interface OptionSpan {
  readonly option: number;
  readonly start: number;
  readonly end: number;
  /** The length byte is missing, below 2, past the end of the header, or not what this kind must have. */
  readonly malformed: boolean;
}

/**
 * Splits the options in `[start, end)`. An impossible length ends the list with a malformed option that reaches to the
 * end; End of Option List ends it too, and what stands behind it is padding (RFC 9293 §3.1).
 */
export function splitOptions(bytes: Uint8Array, start: number, end: number): OptionSpan[] {
  const spans: OptionSpan[] = [];
  for (let at = start; at < end;) {
    const option = bytes[at]!;
    if (option === END_OF_OPTIONS || option === NO_OPERATION) {
      spans.push({ option, start: at, end: at + 1, malformed: false });
      if (option === END_OF_OPTIONS) break;
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1]! : 0;
    if (length < 2 || at + length > end) {
      spans.push({ option, start: at, end, malformed: true });
      break;
    }
    const needed = KINDS[option]?.bytes;
    const malformed =
      (needed !== undefined && needed !== length) ||
      (option === SACK && (length < 10 || (length - 2) % 8 !== 0)) ||
      (option === MULTIPATH && length < 3);
    spans.push({ option, start: at, end: at + length, malformed });
    at += length;
  }
  return spans;
}

/** The options in `[start, end)` of a TCP header, as `segments --json` prints them. Never throws. */
export function decodeOptions(bytes: Uint8Array, start: number, end: number): TcpOption[] {
  return splitOptions(bytes, start, Math.min(end, bytes.length)).map((span) => decodeOption(bytes, span));
}

function decodeOption(bytes: Uint8Array, { option, start, end, malformed }: OptionSpan): TcpOption {
  const data = hexText(bytes, start + 2, end);
  if (malformed) return { kind: 'malformed', option, data };
  const at = start + 2;
  switch (option) {
    case END_OF_OPTIONS:
      return { kind: 'end' };
    case NO_OPERATION:
      return { kind: 'nop' };
    case SACK_PERMITTED:
      return { kind: 'sack-permitted' };
    case MAXIMUM_SEGMENT_SIZE:
      return { kind: 'mss', value: u16be(bytes, at) };
    case WINDOW_SCALE:
      return { kind: 'window-scale', shift: bytes[at]! };
    case TIMESTAMPS:
      return { kind: 'timestamps', value: u32be(bytes, at), echo: u32be(bytes, at + 4) };
    case SACK: {
      const blocks: [number, number][] = [];
      for (let i = at; i < end; i += 8) blocks.push([u32be(bytes, i), u32be(bytes, i + 4)]);
      return { kind: 'sack', blocks };
    }
    default:
      return { kind: nameOfOption(bytes, option, at, end), option, data, ...details(bytes, option, at, end) };
  }
}

function nameOfOption(bytes: Uint8Array, option: number, at: number, end: number): string {
  if (option === EXPERIMENT_1 || option === EXPERIMENT_2) {
    if (end - at >= 4) {
      const name = SHARED_MEMORY[u32be(bytes, at)];
      if (name) return name;
    }
    if (end - at >= 2) return EXPERIMENTS[u16be(bytes, at)] ?? optionKind(option).kind;
  }
  return optionKind(option).kind;
}

/** What the bytes of a less common option say. */
function details(bytes: Uint8Array, option: number, at: number, end: number): Record<string, unknown> {
  const length = end - at;
  switch (option) {
    case 6:
    case 7:
    case 11:
    case 12:
    case 13:
      return { value: u32be(bytes, at) };
    case 28: {
      const value = u16be(bytes, at);
      return { unit: value & 0x8000 ? 'minutes' : 'seconds', value: value & 0x7fff };
    }
    case 29:
      return length >= 2 ? { keyId: bytes[at]!, nextKeyId: bytes[at + 1]!, mac: hexText(bytes, at + 2, end) } : {};
    case MULTIPATH: {
      const subtype = bytes[at]! >>> 4;
      return { subtype, subtypeName: MULTIPATH_SUBTYPES[subtype] ?? `subtype ${subtype}` };
    }
    case FAST_OPEN:
      return { cookie: hexText(bytes, at, end) };
    case 172:
    case 174:
      return { counters: accurateEcnCounters(bytes, option, at, end) };
    case EXPERIMENT_1:
    case EXPERIMENT_2: {
      if (length < 2) return {};
      const experiment = u16be(bytes, at);
      return experiment === FAST_OPEN_EXPERIMENT ? { experiment, cookie: hexText(bytes, at + 2, end) } : { experiment };
    }
    default:
      return {};
  }
}

/** Byte counters of an AccECN option (RFC 9768 §3.2.3): three, as many as there are, in the order that the kind says. */
export function accurateEcnCounters(
  bytes: Uint8Array,
  option: number,
  at: number,
  end: number,
): { readonly name: 'e0b' | 'ceb' | 'e1b'; readonly value: number }[] {
  const order = option === 172 ? (['e0b', 'ceb', 'e1b'] as const) : (['e1b', 'ceb', 'e0b'] as const);
  return order
    .slice(0, Math.floor((end - at) / 3))
    .map((name, i) => ({ name, value: (bytes[at + i * 3]! << 16) | u16be(bytes, at + i * 3 + 1) }));
}
