import type { Trace } from '../../src/core/analyze';
import { seqGe, seqGt, seqLe, seqLt } from '../../src/core/bytes/seq';
import type { SegmentRow, Side, TcpOption } from '../../src/core/model/segment';

/** What there is at the moment of a demand: the segments of the connection before it, and which end the script is about. */
export interface Moment {
  readonly rows: readonly SegmentRow[];
  readonly own: Side;
  readonly timeNs: number;
  readonly options: (row: SegmentRow) => readonly TcpOption[];
}

/** The end under test has this address in a script. */
const LOCAL = 'local';

/** The moment before packet `nextPacket`; `null` where no connection has begun. */
export function momentAt(trace: Trace, all: readonly SegmentRow[], nextPacket: number, timeNs: number): Moment | null {
  const before = all.filter(({ packet }) => packet < nextPacket);
  const connection = before.at(-1)?.connection;
  if (connection === undefined) return null;
  return {
    rows: before.filter((row) => row.connection === connection),
    own: trace.endpoints(connection).client.address === LOCAL ? 'client' : 'server',
    timeNs,
    options: (row) => trace.options(row.segment),
  };
}

/** A segment that the end has sent, once for all times that it was sent, by relative numbers: a script has no others. What is handed down in one piece is cut later. */
interface Sent {
  readonly seq: number;
  readonly end: number;
  times: number;
}

const has = (row: SegmentRow, flag: SegmentRow['flags'][number]): boolean => row.flags.includes(flag);
const lengthOf = (row: SegmentRow): number => row.len + (has(row, 'SYN') ? 1 : 0) + (has(row, 'FIN') ? 1 : 0);

function mssOf({ rows, own, options }: Moment): number {
  const offer = rows.find((row) => row.from !== own && has(row, 'SYN'));
  const mss = offer === undefined ? undefined : options(offer).find(({ kind }) => kind === 'mss');
  const stamped = offer !== undefined && options(offer).some(({ kind }) => kind === 'timestamps');
  return (mss !== undefined && 'value' in mss ? Number(mss.value) : 536) - (stamped ? 12 : 0);
}

function sentBy(moment: Moment): Sent[] {
  const mss = mssOf(moment);
  const sent: Sent[] = [];
  const syn = moment.rows.find((row) => row.from === moment.own && has(row, 'SYN'));
  const isOfSyn = (seq: number): boolean =>
    syn !== undefined && seqGt(seq | 0, syn.seq | 0) && seqLe(seq | 0, (syn.seq + syn.len) | 0);
  for (const row of moment.rows) {
    if (row.from !== moment.own) continue;
    // Data in a SYN count once they are taken, with it; else when they are sent again.
    const stop = row.seq + (has(row, 'SYN') ? 1 : lengthOf(row));
    for (let from = row.seq; from < stop; from += mss) {
      const seq = from >>> 0;
      const end = Math.min(from + mss, stop) >>> 0;
      const known = sent.filter((one) => seqLt(one.seq | 0, end | 0) && seqGt(one.end | 0, seq | 0));
      if (known.length > 0) for (const one of known) one.times++;
      else sent.push({ seq, end, times: isOfSyn(seq) ? 2 : 1 });
    }
  }
  return sent;
}

/** The highest number that the other end has acknowledged, and what it has reported above that. */
function acknowledged({ rows, own, options }: Moment): { una: number | null; blocks: (readonly [number, number])[] } {
  let una: number | null = null;
  let blocks: (readonly [number, number])[] = [];
  for (const row of rows) {
    if (row.from === own || !has(row, 'ACK')) continue;
    if (una === null || seqGt(row.ack | 0, una | 0)) una = row.ack;
    for (const option of options(row))
      if (option.kind === 'sack' && 'blocks' in option) blocks.push(...(option.blocks as [number, number][]));
  }
  const from = una;
  if (from !== null) blocks = blocks.filter(([, right]) => seqGt(right | 0, from | 0));
  return { una, blocks };
}

function scoreboard(moment: Moment): { sent: Sent[]; out: Sent[]; sacked: Sent[] } {
  const sent = sentBy(moment);
  const { una, blocks } = acknowledged(moment);
  const out = una === null ? sent : sent.filter(({ end }) => seqGt(end | 0, una | 0));
  const sacked = out.filter(({ seq, end }) =>
    blocks.some(([left, right]) => seqGe(seq | 0, left | 0) && seqLe(end | 0, right | 0)),
  );
  return { sent, out, sacked };
}

/** Whether data in a SYN were taken (TCPI_OPT_SYN_DATA): the SYN-ACK acknowledges all of them. */
function synData({ rows }: Moment): boolean {
  const syn = rows.find((row) => has(row, 'SYN') && !has(row, 'ACK'));
  const answer = rows.find((row) => has(row, 'SYN') && has(row, 'ACK'));
  if (syn === undefined || answer === undefined || syn.len === 0) return false;
  return answer.ack === (syn.seq + 1 + syn.len) >>> 0;
}

/** RFC 6298 §2 over the round trips that the tracker measured, in microseconds. */
function smoothedRtt({ rows, own }: Moment): number | null {
  let srtt: number | null = null;
  for (const row of rows) {
    if (row.from === own || row.ackRttNs === null) continue;
    const sample = row.ackRttNs / 1000;
    srtt = srtt === null ? sample : (7 * srtt + sample) / 8;
  }
  return srtt;
}

/** States as the kernel numbers them (include/net/tcp_states.h). */
const KERNEL_STATES: Readonly<Record<string, number>> = {
  TCP_ESTABLISHED: 1,
  TCP_SYN_SENT: 2,
  TCP_SYN_RECV: 3,
  TCP_FIN_WAIT1: 4,
  TCP_FIN_WAIT2: 5,
  TCP_TIME_WAIT: 6,
  TCP_CLOSE: 7,
  TCP_CLOSE_WAIT: 8,
  TCP_LAST_ACK: 9,
  TCP_LISTEN: 10,
  TCP_CLOSING: 11,
};

const KERNEL_STATE_OF: Readonly<Record<string, number>> = {
  ESTABLISHED: 1,
  'SYN-SENT': 2,
  'SYN-RECEIVED': 3,
  'FIN-WAIT-1': 4,
  'FIN-WAIT-2': 5,
  'TIME-WAIT': 6,
  CLOSED: 7,
  'CLOSE-WAIT': 8,
  'LAST-ACK': 9,
  LISTEN: 10,
  CLOSING: 11,
};

/** What the trace tells of a value of `struct tcp_info`; `null` where it does not. */
export const TCP_INFO_FACTS: Readonly<Record<string, (moment: Moment) => number | null>> = {
  tcpi_state: ({ rows, own }) => KERNEL_STATE_OF[rows.at(-1)![own].state ?? ''] ?? null,
  tcpi_unacked: (moment) => scoreboard(moment).out.length,
  tcpi_sacked: (moment) => scoreboard(moment).sacked.length,
  tcpi_retrans: (moment) => {
    const { out, sacked } = scoreboard(moment);
    return out.filter((one) => one.times > 1 && !sacked.includes(one)).length;
  },
  tcpi_delivered: (moment) => {
    const { sent, out, sacked } = scoreboard(moment);
    return sent.length - out.length + sacked.length;
  },
  'tcpi_options & TCPI_OPT_SYN_DATA': (moment) => (synData(moment) ? 32 : 0),
  tcpi_rtt: smoothedRtt,
  tcpi_last_data_recv: ({ rows, own, timeNs }) => {
    const last = rows.findLast((row) => row.from !== own && row.len > 0);
    return last === undefined || last.timeNs === null ? null : (timeNs - last.timeNs) / 1e6;
  },
  tcpi_probes: ({ rows, own }) => {
    const answered = rows.findLastIndex((row) => row.from !== own);
    return rows.slice(answered + 1).filter(({ notes }) => notes.some(({ kind }) => kind === 'zero-window-probe'))
      .length;
  },
};

/** Why no trace tells the others. */
export const NOT_ON_THE_WIRE: Readonly<Record<string, string>> = {
  tcpi_snd_cwnd: 'what the sender allows itself: shows only where it is what holds it back',
  tcpi_snd_ssthresh: 'what the sender allows itself',
  tcpi_ca_state: 'what the sender concludes',
  tcpi_lost: 'what the sender takes for lost',
  tcpi_reordering: 'what the sender concludes',
  tcpi_reord_seen: 'what the sender concludes',
  tcpi_backoff: 'state of a timer',
  tcpi_rwnd_limited: 'needs to know what the application had still to send',
  tcpi_sndbuf_limited: 'needs to know what the application had still to send',
  tcpi_busy_time: 'needs to know what the application had still to send',
  tcpi_snd_mss: 'the sender may choose a smaller one',
  tcpi_rcv_mss: 'what the receiver guesses',
  tcpi_advmss: 'of the route, before options',
  tcpi_min_rtt: 'of the fewest round trips that the sender took for valid',
};

/** What a demand compares with, as a number; `null` where it is a name that is not known. */
export function valueOf(text: string): number | null {
  const state = KERNEL_STATES[text];
  if (state !== undefined) return state;
  const number = Number(text);
  return Number.isNaN(number) ? null : number;
}

export function holds(fact: number, operator: string, value: number): boolean {
  switch (operator) {
    case '==':
      return fact === value;
    case '!=':
      return fact !== value;
    case '<':
      return fact < value;
    case '<=':
      return fact <= value;
    case '>':
      return fact > value;
    default:
      return fact >= value;
  }
}
