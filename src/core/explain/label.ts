import { HAS_MSS, NO_ACK, NO_FLAGS, NO_SEQ, NO_WINDOW } from '../model/facts';
import { ACK, FIN, FLAG_NAMES, RST, SYN } from '../model/flags';

/** What the label of an arrow names. `seq` and `ack` as they are to be shown. */
export interface LabelFacts {
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  /** Bits `NO_*`: what is not known, and so is not named. */
  readonly absent: number;
  readonly len: number;
  readonly window: number;
  /** The window in bytes where it is what the segment is about (it closes or opens again), else `null`. */
  readonly announced: number | null;
  /** Bits `HAS_*`, and the MSS they speak of. */
  readonly options: number;
  readonly mss: number;
}

/** Order in which traces name flags: what the segment is for comes first, ACK last. */
const LABEL_ORDER = [SYN, FIN, RST, 0x008, 0x020, 0x040, 0x080, 0x100, ACK];

/** The text on a segment's arrow, in the field's own short words: "SYN seq 0 win 29200 mss 1460", "ACK ack 21". */
export function arrowLabel(f: LabelFacts): string {
  const parts = LABEL_ORDER.filter((bit) => f.flags & bit).map((bit) => FLAG_NAMES[Math.log2(bit)]! as string);
  if (f.absent & NO_FLAGS) return `len ${f.len}`;
  if (parts.length === 0) parts.push('no flags');
  const special = f.flags & (SYN | FIN | RST);
  if ((special || f.len > 0) && !(f.absent & NO_SEQ)) parts.push(`seq ${f.seq}`);
  if (f.flags & ACK && (special || f.len === 0) && !(f.absent & NO_ACK)) parts.push(`ack ${f.ack}`);
  if (f.len > 0) parts.push(`len ${f.len}`);
  if (f.flags & SYN) {
    if (!(f.absent & NO_WINDOW)) parts.push(`win ${f.window}`);
    if (f.options & HAS_MSS) parts.push(`mss ${f.mss}`);
  } else if (f.announced !== null) parts.push(`win ${f.announced}`);
  return parts.join(' ');
}
