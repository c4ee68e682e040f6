import type { NoteKind } from '../model/segment';
import type { TextMark, TextPlace } from '../model/text';

/** What of a segment's text is pointed at, by the marks that it is made of. */
const PARTS = {
  sequence: ['tcp.seq', 'tcp.nxtseq'],
  acknowledgment: ['tcp.ack'],
  window: ['tcp.window_size_value', 'tcp.window_size'],
  flags: ['tcp.flags'],
  sack: ['tcp.options.sack'],
  timestamps: ['tcp.options.timestamp'],
  ports: ['tcp.srcport', 'tcp.dstport'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type TextPart = keyof typeof PARTS;

/** What a finding is about, where it is not about the bytes that the segment carries. */
const PART_OF_FINDING: Readonly<Partial<Record<NoteKind | 'reset', TextPart>>> = {
  'ack-lost-segment': 'acknowledgment',
  'duplicate-ack': 'acknowledgment',
  'keep-alive-ack': 'acknowledgment',
  'zero-window': 'window',
  'zero-window-probe-ack': 'window',
  'window-update': 'window',
  'reused-ports': 'ports',
  'duplicate-sack': 'sack',
  'sack-reneging': 'sack',
  'zero-window-period': 'window',
  'window-limited': 'window',
  'silly-window': 'window',
  'congestion-notification': 'flags',
  'accurate-ecn': 'flags',
  'paws-rejected': 'timestamps',
  'challenge-ack': 'flags',
  'half-open': 'flags',
  reset: 'flags',
};

/**
 * Where a part of a segment stands in its packet's text: what of it stands together in one line. `null` where the text
 * does not tell it.
 */
export function placeOf(marks: readonly TextMark[], part: TextPart): TextPlace | null {
  const ids: readonly string[] = PARTS[part];
  const own = marks.filter(({ id }) => ids.includes(id));
  const [first] = own;
  if (first === undefined) return null;
  let { end } = first;
  // "1:1449"
  for (const mark of own) if (mark.line === first.line && mark.start === end + 1) ({ end } = mark);
  return { line: first.line, start: first.start, end };
}

/** Where a finding about a segment is shown in its packet's text: at what it is about, else at the flags. */
export const placeOfFinding = (marks: readonly TextMark[], kind: NoteKind | 'reset'): TextPlace | null =>
  placeOf(marks, PART_OF_FINDING[kind] ?? 'sequence') ?? placeOf(marks, 'flags');
