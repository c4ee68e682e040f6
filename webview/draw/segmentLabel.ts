import { ackText, seqText, type SeqMode } from '../../src/core/format/sequence';
import type { SegmentRow } from '../../src/core/model/segment';

/** The arrow's label in pieces: what is acknowledged leads to the segment that carried it. */
export interface LabelParts {
  readonly before: string;
  /** "ack 21"; empty where the label has none. */
  readonly ack: string;
  readonly after: string;
}

const ACK = / (ack) \d+/;

/** The label with the numbers that the user wants to see. */
export function labelParts(row: SegmentRow, mode: SeqMode): LabelParts {
  const label = mode === 'relative' ? row.label : row.label.replace(/ seq \d+/, () => ` seq ${seqText(row, mode)}`);
  const match = ACK.exec(label);
  if (match === null) return { before: label, ack: '', after: '' };
  const number = mode === 'relative' ? String(row.ack) : ackText(row, mode);
  return {
    before: label.slice(0, match.index + 1),
    ack: `ack ${number}`,
    after: label.slice(match.index + match[0].length),
  };
}

export const segmentLabel = (row: SegmentRow, mode: SeqMode): string => {
  const { before, ack, after } = labelParts(row, mode);
  return before + ack + after;
};
