import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One TCP header as tshark shows it (two passes, checksums checked), with the names of the reference files. */
export interface ReferenceSegment {
  /** 1-based packet number. */
  readonly frame: number;
  /** Set where the header is only quoted in an ICMP error or an sFlow sample: no segment of a connection. */
  readonly ctx: string | null;
  readonly time: string;
  readonly stream: number | null;
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly seq_raw: number | null;
  readonly ack_raw: number | null;
  readonly seq: number | null;
  readonly ack: number | null;
  readonly len: number | null;
  /** Names with commas between them. */
  readonly flags: string | null;
  readonly win_raw: number | null;
  readonly win: number | null;
  /** -1 unknown, -2 none, `null` on a SYN. */
  readonly win_scale: number | null;
  readonly analysis: readonly string[];
  readonly dup_ack_num: number | null;
  readonly dup_ack_frame: number | null;
  readonly acks_frame: number | null;
  readonly ack_rtt: string | null;
  readonly initial_rtt: string | null;
  readonly bytes_in_flight: number | null;
  readonly rto: string | null;
  readonly checksum_status: string | null;
  readonly completeness: number | null;
  readonly options: readonly string[];
  readonly options_raw: string | null;
}

/** Reads `<capture>.ndjson` or `.ndjson.gz`; the headers of segments only. */
export function readReference(file: string): ReferenceSegment[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString();
  return parseReference(text);
}

export const parseReference = (text: string): ReferenceSegment[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReferenceSegment)
    .filter((segment) => segment.ctx !== 'icmp-error');

/** Seconds as text to nanoseconds. */
export function nanoseconds(text: string | null): bigint | null {
  if (text === null || text === '') return null;
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!;
  const total = BigInt(whole!) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return sign === '-' ? -total : total;
}
