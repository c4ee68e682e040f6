import { message } from '../model/message';
import type { Field, Layer, LayerPlace, PacketBuffer } from '../model/packet';
import type { Notice } from '../model/notice';
import { utf8 } from '../capture/utf8';
import type { MarkId, Marks } from '../text/marks';
import { optionName } from '../wire/transport/tcp-options';
import type { TextLines } from './text-lines';

interface Mark {
  readonly id: MarkId;
  readonly start: number;
  readonly end: number;
}

/** Fields by the layer that they are shown in, outermost first; each with its English name, a key of the translation. */
const LAYERS: readonly {
  readonly id: string;
  readonly place: LayerPlace;
  readonly name: string;
  readonly fields: readonly (readonly [MarkId, string])[];
}[] = [
  {
    id: 'frame',
    place: 'text',
    name: 'Line of the trace',
    fields: [
      ['frame.number', 'Packet Number'],
      ['frame.time', 'Time'],
      ['frame.len', 'Length on the Wire'],
      ['protocol', 'Protocol'],
      ['note', 'Finding'],
      ['text', 'Text'],
    ],
  },
  {
    id: 'eth',
    place: 'link',
    name: 'Ethernet II',
    fields: [
      ['eth.dst', 'Destination'],
      ['eth.src', 'Source'],
    ],
  },
  {
    id: 'ip',
    place: 'network',
    name: 'Internet Protocol',
    fields: [
      ['ip.len', 'Total Length'],
      ['ip.id', 'Identification'],
      ['ip.ttl', 'Time to Live'],
      ['ip.src', 'Source Address'],
      ['ip.dst', 'Destination Address'],
    ],
  },
  {
    id: 'tcp',
    place: 'transport',
    name: 'Transmission Control Protocol',
    fields: [
      ['tcp.srcport', 'Source Port'],
      ['tcp.dstport', 'Destination Port'],
      ['tcp.seq', 'Sequence Number'],
      ['tcp.nxtseq', 'Next Sequence Number'],
      ['tcp.ack', 'Acknowledgment Number'],
      ['tcp.flags', 'Flags'],
      ['tcp.window_size_value', 'Window'],
      ['tcp.window_size', 'Window (scaled)'],
      ['tcp.checksum', 'Checksum'],
      ['tcp.urgent_pointer', 'Urgent Pointer'],
      ['tcp.options', 'Options'],
      ['tcp.len', 'Payload Length'],
    ],
  },
];

/** Fields of every TCP header: one that the text does not have is listed as missing. */
const ALWAYS: ReadonlySet<MarkId> = new Set([
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq',
  'tcp.ack',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.checksum',
]);

/**
 * Describes a packet that a text gives in words: each field's bits are those of its characters in the packet's lines,
 * and what every header has but the text does not say is listed so.
 */
export function describeText(
  bytes: Uint8Array,
  text: TextLines,
): { readonly layers: Layer[]; readonly buffers: PacketBuffer[]; readonly notices: Notice[] } {
  const lines = bytes.slice();
  const found: Mark[] = [];
  const marks: Marks = { mark: (id, start, end) => end > start && found.push({ id, start, end }) };
  const packet = text.parse(lines, marks);
  const layers: Layer[] = [];
  for (const { id, place, name, fields } of LAYERS) {
    const isTcp = id === 'tcp' && packet.segmentCount > 0;
    const shown: Field[] = [];
    let start = Infinity;
    let end = 0;
    for (const [field, fieldName] of fields) {
      const here = found.filter((mark) => mark.id === field);
      for (const mark of here) {
        start = Math.min(start, mark.start);
        end = Math.max(end, mark.end);
        const children = field === 'tcp.options' ? optionFields(lines, found, mark) : [];
        shown.push({ ...fieldOf(lines, mark, fieldName), ...(children.length > 0 ? { children } : {}) });
      }
      const isScaled = field === 'tcp.window_size_value' && found.some((mark) => mark.id === 'tcp.window_size');
      if (here.length === 0 && isTcp && ALWAYS.has(field) && !isScaled)
        shown.push({ id: field, name: fieldName, value: '', bit: 0, bits: 0, meaning: message('not in this text') });
    }
    if (shown.length === 0) continue;
    const summary = id === 'tcp' ? tcpSummary(shown) : shown.map((field) => field.value).join(' ');
    layers.push({
      id,
      place,
      name,
      summary,
      buffer: 0,
      start: Math.min(start, end),
      end,
      until: null,
      fields: shown,
    });
  }
  const notices = packet.problems.map(({ at, ...problem }): Notice => ({ ...problem, offset: at }));
  return { layers, buffers: [{ name: message('Lines of the trace'), bytes: lines }], notices };
}

function tcpSummary(fields: readonly Field[]): string {
  const value = (id: string): string => fields.find((field) => field.id === id)?.value ?? '';
  const seq = value('tcp.seq');
  return `${value('tcp.srcport')} → ${value('tcp.dstport')} [${value('tcp.flags')}]${seq === '' ? '' : ` seq ${seq}`}`;
}

/** The options inside a list of them. */
const optionFields = (lines: Uint8Array, found: readonly Mark[], list: Mark): Field[] =>
  found
    .filter(({ id, start, end }) => id.startsWith('tcp.options.') && start >= list.start && end <= list.end)
    .map((mark) => fieldOf(lines, mark, optionName(mark.id)));

const fieldOf = (lines: Uint8Array, { id, start, end }: Mark, name: string): Field => ({
  id,
  name,
  value: utf8(lines, start, end),
  bit: start * 8,
  bits: (end - start) * 8,
});
