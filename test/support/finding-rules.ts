/**
 * What must be true of the segments of a connection wherever a finding of our own is told of them (see `said.ts`). Worked
 * out anew from the rows, apart from the detectors; RFC sections as they cite them.
 */
import { count } from '../../src/core/format/number';
import { duration } from '../../src/core/format/time';
import type { MessageArgument } from '../../src/core/model/message';
import type { NoteKind, OwnNoteKind, SegmentRow, Side } from '../../src/core/model/segment';
import { otherSide } from '../../src/core/model/side';
import { diff, earlier, endOf, isSide, later, lengthOf, packetRows, peerOf, type Said, set, type Truth } from './said';

/** The segments at which the same finding is told, in order: each has the same sentence, not only an equal one. */
const members = (said: Said, kind: OwnNoteKind): SegmentRow[] => {
  const note = said.row.notes.find((known) => known.kind === kind);
  return said.rows.filter(({ notes }) => notes.some((other) => other.text === note?.text));
};

const sideOf = (arg: MessageArgument | undefined): Side => (isSide(arg, 'client') ? 'client' : 'server');
const has = (row: SegmentRow, kind: NoteKind): boolean => row.notes.some((note) => note.kind === kind);
const first = <T>(all: readonly T[]): T => all[0]!;
const last = <T>(all: readonly T[]): T => all.at(-1)!;
/** From one segment to another, as it is printed; nothing is asked of times beyond exact numbers or without any. */
const isLapse = (arg: MessageArgument | undefined, from: SegmentRow, to: SegmentRow): boolean =>
  from.timeNs === null || to.timeNs! > Number.MAX_SAFE_INTEGER || arg === duration(to.timeNs! - from.timeNs);
const overlaps = (a: SegmentRow, b: SegmentRow): boolean =>
  a.from === b.from && diff(a.seqRaw, endOf(b)) < 0 && diff(endOf(a), b.seqRaw) > 0;
/** The segment before with some of the same numbers; the latest. */
const sentBefore = (said: Said, row = said.row): SegmentRow | undefined =>
  said.rows.slice(0, row.row).findLast((other) => overlaps(other, row));
/** The peer has acknowledged all of a segment before another one is sent. */
const isAcknowledgedBefore = (said: Said, sent: SegmentRow, now: SegmentRow): boolean =>
  said.rows
    .slice(sent.row, now.row)
    .some(
      (ack) => ack.from !== sent.from && set(ack, 'ACK') && ack.arrival === null && diff(ack.ackRaw, endOf(sent)) >= 0,
    );

const isDuplicateSack = (said: Said): boolean => {
  const { row, args } = said;
  const [block, second] = row.sack;
  if (block === undefined) return false;
  const shown = (raw: number): number => (row.ack + diff(raw, row.ackRaw)) >>> 0;
  const isBelow = diff(block[1], row.ackRaw) <= 0;
  const isWithin = second !== undefined && diff(block[0], second[0]) >= 0 && diff(block[1], second[1]) <= 0;
  return args[0] === shown(block[0]) && args[1] === shown(block[1]) && (isBelow || isWithin);
};

const isChallenge = (said: Said, flag: 'RST' | 'SYN'): boolean =>
  said.row.len === 0 &&
  set(said.row, 'ACK') &&
  packetRows(said, said.args[0]).some(
    (asked) => set(asked, flag) && asked.from === peerOf(said.row) && asked.row < said.row.row,
  );

const isCongestion: Truth = (said) => {
  const receiver = sideOf(said.args[0]);
  const [begin, end] = [
    first(members(said, 'congestion-notification')),
    last(members(said, 'congestion-notification')),
  ];
  const stop = said.args.length > 2 ? end.row : said.rows.length;
  const echoes = said.rows
    .slice(begin.row, stop)
    .filter((row) => row.from === receiver && set(row, 'ECE') && !set(row, 'SYN') && !set(row, 'RST'));
  return begin.from === receiver && set(begin, 'ECE') && isAbout(echoes.length, said.args[1]);
};
/** What was counted fits the three bits of the last ACK, from where the counter began. */
const isAccurateEcn: Truth = (said) => {
  const receiver = sideOf(said.args[0]);
  const told = members(said, 'accurate-ecn');
  const own = said.rows.filter((row) => row.from === receiver && set(row, 'ACK') && !set(row, 'SYN'));
  const counted = told.length > 0 ? Number(`${said.args[1] as string}`.replaceAll(/\D/g, '')) : 0;
  const end = aceOf(last(told));
  return (
    told.every((row) => row.from === receiver) &&
    counted >= told.length &&
    [5, 6, aceOf(first(own))].some((begin) => (begin + counted - end) % 8 === 0)
  );
};

const aceOf = (row: SegmentRow): number =>
  (set(row, 'AE') ? 4 : 0) + (set(row, 'CWR') ? 2 : 0) + (set(row, 'ECE') ? 1 : 0);

/** Copies that a mirror port made are in the rows, but not in what is counted. */
const isAbout = (counted: number, told: MessageArgument | undefined): boolean =>
  told === count(counted) || counted > Number(told);

const isRecovery: Truth = (said) => {
  const sender = sideOf(said.args[0]);
  const told = members(said, 'fast-recovery');
  const resent = told.filter((row) => row.from === sender && sentBefore(said, row) !== undefined);
  return resent.length >= Number(said.args[1]) && first(told).from === sender;
};

const isHalfOpen: Truth = ({ rows }) => {
  const answer = rows.findIndex((row) => set(row, 'SYN', 'ACK'));
  return (
    answer >= 0 &&
    !rows.slice(answer).some((row) => row.from !== rows[answer]!.from && set(row, 'ACK') && !set(row, 'SYN'))
  );
};
const isHalfOpenSeries: Truth = (said) => {
  const answers = said.rows.filter((row) => set(row, 'SYN', 'ACK'));
  return (
    isHalfOpen(said) && isAbout(answers.length, said.args[0]) && isLapse(said.args[1], first(answers), last(answers))
  );
};

const isKeepAlives: Truth = (said) => {
  const sender = sideOf(said.args[0]);
  const probes = members(said, 'keep-alive-series');
  const silentSince = said.rows.slice(0, first(probes).row).at(-1);
  return (
    probes.every((row) => row.from === sender && has(row, 'keep-alive')) &&
    said.args[1] === count(probes.length) &&
    (silentSince === undefined || isLapse(said.args[2], silentSince, first(probes))) &&
    said.rows.filter((row) => row.from !== sender && has(row, 'keep-alive-ack')).length >= Number(said.args[3])
  );
};

/** A small segment, its late acknowledgment and the next small segment: of each time three. */
const isNagle =
  (times: (said: Said) => number, total: (said: Said) => MessageArgument | undefined): Truth =>
  (said) => {
    const sender = sideOf(said.args[0]);
    const told = members(said, 'nagle-delayed-ack');
    let ns = 0;
    let waits = 0;
    for (const [i, row] of told.entries()) {
      const ack = told[i + 1];
      if (ack === undefined || row.from !== sender || ack.from === sender) continue;
      if (ack.len > 0 || ack.ackRaw !== endOf(row) >>> 0) return false;
      waits++;
      ns += ack.timeNs! - row.timeNs!;
    }
    return waits === times(said) && total(said) === duration(ns);
  };

const isTimeout: Truth = (said) => {
  const { row, args } = said;
  const original = packetRows(said, args[0]).find((other) => other.from === row.from && overlaps(other, row));
  return (
    original !== undefined &&
    !isAcknowledgedBefore(said, original, row) &&
    earlier(said).some((sent) => overlaps(sent, row) && isLapse(args[1], sent, row))
  );
};

const isTimeouts: Truth = (said) => {
  const told = members(said, 'retransmission-timeout');
  const start = sentBefore(said, first(told));
  const [, , , listed] = said.args;
  return (
    typeof listed === 'string' &&
    told.every((row) => row.from === sideOf(said.args[0]) && sentBefore(said, row) !== undefined) &&
    said.args[1] === count(told.length) &&
    start !== undefined &&
    isLapse(said.args[2], start, last(told)) &&
    listed.replace(', …', '').split(', ').length === Math.min(8, told.length)
  );
};

const isFilled = (said: Said, times: number): boolean => {
  const told = members(said, 'window-limited');
  return told.length === times && told.every((row) => row.from === sideOf(said.args[0]) && has(row, 'window-full'));
};

/** By the English text of the finding. */
export const FINDING_RULES: Readonly<Record<string, Truth>> = {
  'Challenge ACK: the reset of packet {0} is not at RCV.NXT exactly and is not obeyed.': (said) =>
    isChallenge(said, 'RST') && said.row[said.row.from].state !== 'CLOSED',
  'Challenge ACK: answers the SYN of packet {0} within an existing connection.': (said) => isChallenge(said, 'SYN'),

  'ECN: the {0} reports congestion in {1} segments; no CWR answers it.': (said) =>
    isCongestion(said) &&
    !later(said).some((row) => row.from !== sideOf(said.args[0]) && set(row, 'CWR') && row.len > 0),
  'ECN: the {0} reports congestion in {1} segments; CWR answers it after {2}.': (said) => {
    const told = members(said, 'congestion-notification');
    return isCongestion(said) && set(last(told), 'CWR') && isLapse(said.args[2], first(told), last(told));
  },

  'Accurate ECN: the {0} has counted {1} packets that met congestion.': isAccurateEcn,

  'DSACK: bytes {0} to {1} arrived twice, without having been sent twice here.': isDuplicateSack,
  'DSACK: bytes {0} to {1} had arrived before: sending them again in packet {2} was unnecessary.': (said) =>
    isDuplicateSack(said) &&
    packetRows(said, said.args[2]).some(
      (again) => again.from !== said.row.from && sentBefore(said, again) !== undefined,
    ),

  'Fast recovery of the {0}, not over at the end: {1} sent again.': isRecovery,
  'Fast recovery of the {0}: {1} sent again, over after {2}.': (said) => {
    const told = members(said, 'fast-recovery');
    return (
      isRecovery(said) && last(told).from !== sideOf(said.args[0]) && isLapse(said.args[2], first(told), last(told))
    );
  },

  'Half-open: no ACK completes the handshake.': isHalfOpen,
  'Half-open: the SYN-ACK was sent {0} times within {1}, without an answer.': isHalfOpenSeries,
  'Half-open: the SYN-ACK was sent {0} times within {1}, without an answer. Linux gives up after {2}.':
    isHalfOpenSeries,

  'The {0} sent {1} keep-alive after {2} of silence; {3} answered.': isKeepAlives,
  'The {0} sent {1} keep-alives, the first after {2} of silence, then every {4}; {3} answered.': (said) => {
    const probes = members(said, 'keep-alive-series');
    const everyNs = (last(probes).timeNs! - first(probes).timeNs!) / (probes.length - 1);
    return isKeepAlives(said) && said.args[4] === duration(everyNs);
  },

  'Segments of {0} bytes do not get through, sent {1} times, while up to {2} bytes do: a link may be dropping large packets silently (MTU black hole).':
    (said) => {
      const { row, args } = said;
      const sent = [...earlier(said), row].filter((other) => overlaps(other, row) && lengthOf(other) > 0);
      return (
        args[0] === count(row.len) &&
        isAbout(sent.length, args[1]) &&
        row.len > 1000 &&
        !isAcknowledgedBefore(said, first(sent), row)
      );
    },

  'A small segment of the {0} waited {1} for a delayed acknowledgment.': isNagle(
    () => 1,
    ({ args }) => args[1],
  ),
  'Small segments of the {0} waited {1} times for a delayed acknowledgment, {2} in all.': isNagle(
    ({ args }) => Number(args[1]),
    ({ args }) => args[2],
  ),

  'PAWS: its timestamp {0} is older than {1}, which the {2} has had already: rejected as an old duplicate.': (said) =>
    diff(Number(said.args[0]), Number(said.args[1])) < 0 &&
    isSide(said.args[2], peerOf(said.row)) &&
    // Who has closed the connection rejects it for that.
    said.row.checks.some(({ test, holds }) => (test === 'timestamp' || test === 'state') && !holds),

  'Retransmission timeout: packet {0} is not acknowledged {1} after it was sent last.': isTimeout,
  'The {0}’s retransmission timer expired {1} times in a row, {2} in all: it waited {3}.': isTimeouts,

  'The {0} had reported to hold packet {1} and does not acknowledge it now that nothing is missing before it: it has thrown it away.':
    (said) =>
      isSide(said.args[0], said.row.from) &&
      packetRows(said, said.args[1]).some(
        (held) =>
          held.seqRaw === said.row.ackRaw &&
          earlier(said).some(
            (report) =>
              report.from === said.row.from &&
              report.sack.some(([left, right]) => diff(left, held.seqRaw) <= 0 && diff(right, held.seqRaw) > 0),
          ),
      ),

  'Silly window: the {0} opened its window {1} times by less than a segment, {2} bytes at least.': (said) => {
    const told = members(said, 'silly-window');
    const largest = Math.max(...said.rows.filter(({ from }) => from !== told[0]!.from).map(({ len }) => len));
    return (
      told.length === Number(said.args[1]) &&
      told.every((row) => row.from === sideOf(said.args[0]) && (row.scaledWindow ?? row.window) < largest) &&
      Number(said.args[2]) < largest
    );
  },

  'Tail loss probe: {0} without an acknowledgment, so the last segment is sent again before the timeout.': (said) => {
    const before = sentBefore(said);
    return (
      before !== undefined &&
      isLapse(said.args[0], before, said.row) &&
      !earlier(said).some((other) => other.from === said.row.from && diff(endOf(other), endOf(said.row)) > 0)
    );
  },

  'The {0} filled the window and waited {1} for the receiver.': (said) => isFilled(said, 1),
  'The {0} filled the window {1} times and waited {2} in all for the receiver, {3} at most.': (said) =>
    isFilled(said, members(said, 'window-limited').length) &&
    said.args[1] === count(members(said, 'window-limited').length),

  'The window of the {0} closed and did not open again: {1} to the end (probes: {2}).': (said) => {
    const closed = first(members(said, 'zero-window-period'));
    return (
      isClosedFrom(said, closed) &&
      !said.rows.slice(closed.row).some((row) => row.from === closed.from && row.window > 0 && !set(row, 'RST')) &&
      isLapse(said.args[1], closed, last(said.rows))
    );
  },
  'The window of the {0} was closed for {1} (probes: {2}).': (said) => {
    const [closed, opened] = [first(members(said, 'zero-window-period')), last(members(said, 'zero-window-period'))];
    return (
      isClosedFrom(said, closed) &&
      (set(opened, 'RST') || (opened.from === closed.from && opened.window > 0)) &&
      isLapse(said.args[1], closed, opened)
    );
  },
};

const isClosedFrom = (said: Said, closed: SegmentRow): boolean =>
  closed.from === sideOf(said.args[0]) &&
  closed.window === 0 &&
  !set(closed, 'SYN') &&
  said.rows.slice(closed.row).filter((row) => row.from === otherSide(closed.from) && isProbe(row)).length >=
    Number(said.args[2]);
const isProbe = (row: SegmentRow): boolean => has(row, 'zero-window-probe') || has(row, 'keep-alive');
