import { u16be, u32be } from '../../bytes/endian';
import { seqDiff } from '../../bytes/seq';
import { BAD, GOOD, PARTIAL } from '../../model/facts';
import { flagNames } from '../../model/flags';
import { message, type Message } from '../../model/message';
import { hexOf, hexText, setOrNot, type FieldExtras, type HeaderView } from '../header-view';
import { portMeaning } from '../numbers';
import {
  accurateEcnCounters,
  END_OF_OPTIONS,
  EXPERIMENT_1,
  EXPERIMENT_2,
  MULTIPATH,
  MULTIPATH_SUBTYPES,
  optionKind,
  splitOptions,
  type OptionSpan,
} from './tcp-options';

/** What is known about a segment besides its bytes, so that its numbers can be explained. Raw 32-bit numbers. */
export interface TcpContext {
  /** What relative numbers of the sender, and of the receiver, count from; `null` where nothing of them was seen. */
  readonly seqBase: number | null;
  readonly ackBase: number | null;
  /** `X` for the client's, `Y` for the server's, where that is the initial sequence number; else `null`. */
  readonly seqName: string | null;
  readonly ackName: string | null;
  /** The sequence number is the 0 of a reset whose sender has no connection and so chose no initial one. */
  readonly withoutIsn: boolean;
  /** Window in bytes, `null` while the shift is unknown or does not apply. */
  readonly scaledWindow: number | null;
}

/** Bits of the header that are flags, from the most significant: where they stand, and RFC names. */
const FLAG_FIELDS: readonly (readonly [id: string, name: string, bit: number])[] = [
  ['tcp.flags.ae', 'Accurate ECN', 103],
  ['tcp.flags.cwr', 'Congestion Window Reduced', 104],
  ['tcp.flags.ece', 'ECN-Echo', 105],
  ['tcp.flags.urg', 'Urgent', 106],
  ['tcp.flags.ack', 'Acknowledgment', 107],
  ['tcp.flags.push', 'Push', 108],
  ['tcp.flags.reset', 'Reset', 109],
  ['tcp.flags.syn', 'Synchronize', 110],
  ['tcp.flags.fin', 'Finish', 111],
];

/** The header as RFC 9293's figure has it, field by field. */
export function describeTcp(view: HeaderView): string {
  const { context, checksum } = view.tcp;
  const flags = view.u16(12) & 0xfff;
  const words = view.u8(12) >>> 4;
  view.uint('tcp.srcport', 'Source Port', 0, 2, { meaning: portMeaning(view.u16(0)) });
  view.uint('tcp.dstport', 'Destination Port', 2, 2, { meaning: portMeaning(view.u16(2)) });
  view.uint('tcp.seq', 'Sequence Number', 4, 4, {
    meaning:
      context?.withoutIsn === true
        ? message('0: who has no connection has chosen no sequence number (RFC 9293 §3.10.7.1)')
        : relative(view.u32(4), context?.seqBase, context?.seqName),
  });
  const acknowledges = (flags & 0x10) !== 0;
  view.uint('tcp.ack', 'Acknowledgment Number', 8, 4, {
    meaning: acknowledges ? relative(view.u32(8), context?.ackBase, context?.ackName) : message('not used'),
  });
  const lengthIsBad = words < 5 || words * 4 > view.limit - view.start;
  view.bits('tcp.hdr_len', 'Data Offset', 96, 4, String, {
    meaning: message('{0} bytes', words * 4),
    verdict: lengthIsBad ? 'bad' : undefined,
  });
  if (lengthIsBad && view.captured > 12)
    view.notice('bad-data-offset', 'warning', message('The TCP data offset of {0} words is impossible', words), 12, 1);
  view.bits('tcp.flags.res', 'Reserved', 100, 3, String, {
    verdict: flags & 0xe00 ? 'warning' : undefined,
  });
  const names = flagNames(flags & 0x1ff).reverse();
  view.bits('tcp.flags', 'Control Bits', 103, 9, hexOf(3), {
    meaning: names.length > 0 ? message('{0}', names.join(', ')) : message('none'),
    children: view.children(() => {
      for (const [id, name, bit] of FLAG_FIELDS) view.bits(id, name, bit, 1, setOrNot);
    }),
  });
  view.uint('tcp.window_size_value', 'Window', 14, 2, { meaning: windowMeaning(view.u16(14), context) });
  view.hex('tcp.checksum', 'Checksum', 16, 2, checksumExtras(checksum));
  view.uint('tcp.urgent_pointer', 'Urgent Pointer', 18, 2, {
    meaning: flags & 0x20 ? message('urgent data up to byte {0} of the payload', view.u16(18)) : message('not used'),
  });
  if (words > 5) describeOptions(view, words * 4);
  return `${view.u16(0)} → ${view.u16(2)} [${names.join(', ')}]`;
}

function relative(raw: number, base: number | null | undefined, name: string | null | undefined): Message | undefined {
  if (base === null || base === undefined) return undefined;
  const distance = seqDiff(raw, base);
  if (!name) return message('relative {0}', distance);
  if (distance === 0) return message('= {0}', name);
  return distance > 0 ? message('= {0} + {1}', name, distance) : message('= {0} − {1}', name, -distance);
}

function windowMeaning(window: number, context: TcpContext | null): Message | undefined {
  const scaled = context?.scaledWindow ?? null;
  if (scaled === null || window === 0 || scaled === window) return undefined;
  return message('× {0} = {1} bytes', scaled / window, scaled);
}

function checksumExtras(verdict: number): FieldExtras {
  switch (verdict) {
    case GOOD:
      return { verdict: 'good', meaning: message('correct') };
    case BAD:
      return { verdict: 'bad', meaning: message('incorrect') };
    case PARTIAL:
      return { verdict: 'warning', meaning: message('left to the network card (offload)') };
    default:
      return { meaning: message('not verified') };
  }
}

function describeOptions(view: HeaderView, headerBytes: number): void {
  const { bytes, start } = view;
  const end = Math.min(view.end, start + headerBytes);
  if (end > start + 20) {
    const spans = splitOptions(bytes, start + 20, end);
    const parts = view.children(() => {
      for (const span of spans) describeOption(view, span);
      const last = spans[spans.length - 1];
      if (last?.option === END_OF_OPTIONS && last.end < end)
        view.raw('tcp.options.padding', 'Padding', last.end - start, end - last.end);
    });
    view.put('tcp.options', 'Options', 160, (end - start - 20) * 8, hexText(bytes, start + 20, end), {
      children: parts,
    });
  }
  view.has(0, headerBytes);
}

function describeOption(view: HeaderView, span: OptionSpan): void {
  const { option, malformed } = span;
  const { bytes } = view;
  const offset = span.start - view.start;
  const length = span.end - span.start;
  const { name, id = 'tcp.options.unknown' } = optionKind(option);
  const value = hexText(bytes, span.start, span.end);
  if (malformed) {
    const text = message('TCP option {0} has an impossible length', option);
    view.notice('bad-tcp-option', 'warning', text, offset, length);
    view.put(id, name, offset * 8, length * 8, value, { verdict: 'bad', meaning: message('malformed') });
    return;
  }
  if (length === 1) {
    view.put(id, name, offset * 8, 8, value);
    return;
  }
  const children = view.children(() => {
    view.uint('tcp.option_kind', 'Kind', offset, 1);
    view.uint('tcp.option_len', 'Length', offset + 1, 1);
    describeOptionData(view, option, offset + 2, length - 2);
  });
  view.put(id, name, offset * 8, length * 8, value, { children, meaning: optionMeaning(bytes, span) });
}

/** What an option says in one line. */
function optionMeaning(bytes: Uint8Array, { option, start, end }: OptionSpan): Message | undefined {
  const at = start + 2;
  switch (option) {
    case 2:
      return message('{0} bytes', u16be(bytes, at));
    case 3: {
      const shift = bytes[at]!;
      // RFC 7323 §2.3: a shift above 14 is used as 14.
      return shift > 14 ? message('shift {0}, used as 14', shift) : message('shift {0}: × {1}', shift, 2 ** shift);
    }
    case 5:
      return end - at === 8 ? message('1 block') : message('{0} blocks', (end - at) >>> 3);
    case 8:
      return message('value {0}, echo {1}', u32be(bytes, at), u32be(bytes, at + 4));
    case 28: {
      const value = u16be(bytes, at) & 0x7fff;
      if (bytes[at]! & 0x80) return value === 1 ? message('1 minute') : message('{0} minutes', value);
      return value === 1 ? message('1 second') : message('{0} seconds', value);
    }
    case MULTIPATH: {
      const subtype = bytes[at]! >>> 4;
      return message('{0}', MULTIPATH_SUBTYPES[subtype] ?? subtype);
    }
    case 34:
      return end > at ? message('cookie of {0} bytes', end - at) : message('cookie request');
    default:
      return undefined;
  }
}

/** Parts of an option behind its length byte. */
function describeOptionData(view: HeaderView, option: number, at: number, length: number): void {
  if (length <= 0) return;
  switch (option) {
    case 2:
      view.uint('tcp.options.mss_val', 'MSS Value', at, 2);
      return;
    case 3:
      view.uint('tcp.options.wscale.shift', 'Shift Count', at, 1);
      return;
    case 5:
      for (let i = 0; i < length; i += 8) {
        view.uint('tcp.options.sack_le', 'Left Edge', at + i, 4);
        view.uint('tcp.options.sack_re', 'Right Edge', at + i + 4, 4);
      }
      return;
    case 6:
    case 7:
    case 11:
    case 12:
    case 13:
      view.uint('tcp.options.value', 'Value', at, 4);
      return;
    case 8:
      view.uint('tcp.options.timestamp.tsval', 'Timestamp Value', at, 4);
      view.uint('tcp.options.timestamp.tsecr', 'Timestamp Echo Reply', at + 4, 4);
      return;
    case 28:
      view.bits('tcp.options.user_to_granularity', 'Granularity', at * 8, 1, setOrNot);
      view.bits('tcp.options.user_to_val', 'User Timeout', at * 8 + 1, 15);
      return;
    case 29:
      if (length < 2) break;
      view.uint('tcp.options.ao.keyid', 'Key ID', at, 1);
      view.uint('tcp.options.ao.rnextkeyid', 'Receive Next Key ID', at + 1, 1);
      if (length > 2) view.raw('tcp.options.ao.mac', 'Message Authentication Code', at + 2, length - 2);
      return;
    case MULTIPATH:
      view.bits('tcp.options.mptcp.subtype', 'Subtype', at * 8, 4);
      view.bits('tcp.options.mptcp.flags', 'Version or Flags', at * 8 + 4, 4, hexOf(1));
      if (length > 1) view.raw('tcp.options.mptcp.data', 'Subtype Data', at + 1, length - 1);
      return;
    case 34:
      view.raw('tcp.options.tfo.cookie', 'Cookie', at, length);
      return;
    case 172:
    case 174: {
      const counters = accurateEcnCounters(view.bytes, option, view.start + at, view.start + at + length);
      counters.forEach(({ name }, i) => {
        view.uint(`tcp.options.acc_ecn.e${name}`, COUNTER_NAMES[name], at + i * 3, 3);
      });
      return;
    }
    case EXPERIMENT_1:
    case EXPERIMENT_2:
      if (length < 2) break;
      view.hex('tcp.options.experimental.exid', 'Experiment Identifier', at, 2);
      if (length > 2) view.raw('tcp.options.experimental.data', 'Data', at + 2, length - 2);
      return;
  }
  view.raw('tcp.options.data', 'Data', at, length);
}

const COUNTER_NAMES = { e0b: 'ECT(0) Bytes', ceb: 'CE Bytes', e1b: 'ECT(1) Bytes' } as const;
