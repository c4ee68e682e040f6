import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { seqAdd, u32 } from '../../src/core/bytes/seq';
import {
  BAD_DATA_OFFSET,
  HAS_MPTCP,
  HAS_MSS,
  HAS_SACK,
  HAS_SACK_PERMITTED,
  HAS_TIMESTAMPS,
  HAS_WINDOW_SCALE,
  LENGTH_UNKNOWN,
  SegmentFacts,
} from '../../src/core/model/facts';
import { ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG } from '../../src/core/model/flags';
import { type NoteKind, type SegmentRow, WIRESHARK_NOTES } from '../../src/core/model/segment';
import { type RowSources } from '../../src/core/query/segment-rows';
import { Findings } from '../../src/core/query/findings';
import { segmentList } from '../../src/core/query/segment-list';
import { RULES } from '../../src/core/rules/registry';
import { FrameTable } from '../../src/core/tcp/tables';
import { Tracker } from '../../src/core/tcp/tracker';
import { encodeFrame } from './tcp-frames';
import { encodePcapNs } from './pcap-ns';

/** Initial sequence numbers that relative ones count from; 0 (the default) makes every number a raw one. */
export interface Isns {
  /** Of the end that sends the `>` lines. */
  readonly iss?: number;
  /** Of the end that sends the `<` lines. */
  readonly irs?: number;
}

export interface ScriptOptions extends Isns {
  /** The connection of the `>2` and `<2` lines. */
  readonly second?: Isns;
}

/** What a script gave, line by line. */
export interface Told {
  /** Each line as it was written, with the notes (and states, where it names some) that the tracker found. */
  readonly found: readonly string[];
  /** The same with what the line expects. */
  readonly expected: readonly string[];
  /** The rows, in order. */
  readonly rows: readonly SegmentRow[];
  readonly sources: RowSources;
}

/** Addresses and ports: 10.0.0.1:40000 sends `>`, 10.0.0.2:80 answers `<`; the second connection is from port 40001. */
const LEFT = 0x0a000001;
const RIGHT = 0x0a000002;
const FIRST_PORT = 40000;
const RIGHT_PORT = 80;

/** Time between two lines where the second does not say. */
const STEP_NS = 10_000_000;

const FLAG_LETTERS: Readonly<Record<string, number>> = {
  F: FIN,
  S: SYN,
  R: RST,
  P: PSH,
  '.': ACK,
  U: URG,
  E: ECE,
  W: CWR,
  e: AE,
  '-': 0,
};

/**
 * Runs connections that are written as text through the tracker with all its rules. A line is
 *
 *     [+seconds] > FLAGS [seq:end] [ack N] [win N] [options] [; notes] [=> LEFT | RIGHT] [# remark]
 *
 * - `>` is sent by the left end, `<` by the right one, `>2` and `<2` in a second connection;
 * - flags are tcpdump's letters, with `.` for ACK, `W` for CWR, `e` for AE and `-` for none;
 * - `seq:end` tells the payload's length (`1:501` is 500 bytes); numbers count from `iss` and `irs`;
 * - options are `mss N`, `wscale N`, `sackok`, `sack a:b,c:d`, `ts value/echo`, `mptcp SUBTYPE`, and `urg N` the urgent pointer;
 *   `len?` and `bogus` are segments whose length cannot be told or whose data offset is impossible;
 * - a line comes 10 ms after the one before, or `+seconds` later (negative: the clock went back);
 * - all notes with Wireshark's names stand after `;` (our own findings are in the rows); states after the segment at both ends stand after `=>`, the left end's
 *   first, and are compared only where a line has them.
 *
 * With `TCP_TRACE_SCRIPTS` in the environment every script is written into that folder as a capture as well, so that
 * another tool can be asked about it.
 */
export function script(options: ScriptOptions, text: string): Told {
  const frames = new FrameTable();
  const tracker = new Tracker(frames, RULES);
  const lines = linesOf(options, text);
  for (const [frame, { facts, timeNs }] of lines.entries()) {
    addFrame(frames, timeNs);
    facts.frame = frame;
    tracker.add(facts);
  }
  const sources: RowSources = {
    frames,
    tracker,
    rules: RULES,
    findings: new Findings(tracker),
    factsOf: (segment) => lines[segment]!.facts,
    commentsOf: () => [],
    quotes: true,
  };
  const rows = [...segmentList(sources)];
  const tell = (line: Line, notes: readonly string[], states: string): string =>
    [line.body, ...(notes.length > 0 ? [';', ...[...notes].sort()] : []), ...(line.states ? ['=>', states] : [])].join(
      ' ',
    );
  keepForOtherTools(lines);
  return {
    found: lines.map((line, i) =>
      tell(line, rows[i]!.notes.map((note) => note.kind).filter(isWireshark), statesOf(rows[i]!, line.facts)),
    ),
    expected: lines.map((line) => tell(line, line.notes, line.states ?? '')),
    rows,
    sources,
  };
}

const isWireshark = (kind: NoteKind): boolean => (WIRESHARK_NOTES as readonly NoteKind[]).includes(kind);

/** Runs a script and asserts that every line gets what it expects. */
export function holds(options: ScriptOptions, text: string): Told {
  const told = script(options, text);
  assert.deepEqual(told.found, told.expected);
  return told;
}

/** A handshake without options, to be followed by other lines. The round trip is 20 ms. */
export const HANDSHAKE = `
  > S   0:0
  < S.  0:0   ack 1
  > .   1:1   ack 1
`;

interface Line {
  readonly body: string;
  readonly facts: SegmentFacts;
  readonly notes: readonly string[];
  readonly states: string | null;
  readonly afterNs: number;
  readonly timeNs: bigint;
}

function linesOf(options: ScriptOptions, text: string): Line[] {
  const lines: Line[] = [];
  let timeNs = 0n;
  for (const source of text.split('\n')) {
    const line = parseLine(source, options);
    if (line === null) continue;
    if (lines.length > 0) timeNs += BigInt(line.afterNs);
    lines.push({ ...line, timeNs });
  }
  return lines;
}

function parseLine(source: string, options: ScriptOptions): Line | null {
  const [said] = source.split('#');
  const [before, expectation = ''] = said!.includes('=>') ? said!.split('=>') : [said!];
  const [body, found = ''] = before!.split(';');
  const words = body!.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const facts = new SegmentFacts();
  const afterNs = /^[+-][\d.]+$/.test(words[0]!) ? Math.round(Number(words.shift()) * 1e9) : STEP_NS;
  const direction = words.shift()!;
  const isLeft = direction.startsWith('>');
  if (!/^[<>]2?$/.test(direction)) throw new Error(`a line starts with < or >: ${source}`);
  const isns = direction.endsWith('2') ? (options.second ?? {}) : options;
  const port = direction.endsWith('2') ? FIRST_PORT + 1 : FIRST_PORT;
  const [own, peer] = isLeft ? [isns.iss ?? 0, isns.irs ?? 0] : [isns.irs ?? 0, isns.iss ?? 0];
  [facts.source, facts.destination] = isLeft ? [LEFT, RIGHT] : [RIGHT, LEFT];
  [facts.sourcePort, facts.destinationPort] = isLeft ? [port, RIGHT_PORT] : [RIGHT_PORT, port];
  for (const letter of words.shift()!) {
    const bit = FLAG_LETTERS[letter];
    if (bit === undefined) throw new Error(`no flag is written ${letter}: ${source}`);
    facts.flags |= bit;
  }
  facts.window = 1000;
  facts.seq = seqAdd(own, 0);
  while (words.length > 0) {
    const word = words.shift()!;
    const next = (): string => words.shift()!;
    if (/^\d+:\d+$/.test(word)) {
      const [start, end] = word.split(':').map(Number);
      facts.seq = seqAdd(own, start!);
      facts.payloadBytes = end! - start!;
    } else if (word === 'ack') facts.ack = seqAdd(peer, Number(next()));
    else if (word === 'win') facts.window = Number(next());
    else if (word === 'urg') facts.urgentPointer = Number(next());
    else if (word === 'mss') {
      facts.options |= HAS_MSS;
      facts.mss = Number(next());
    } else if (word === 'wscale') {
      facts.options |= HAS_WINDOW_SCALE;
      facts.windowScale = Number(next());
    } else if (word === 'sackok') facts.options |= HAS_SACK_PERMITTED;
    else if (word === 'sack') {
      facts.options |= HAS_SACK;
      for (const block of next().split(',')) {
        const [left, right] = block.split(':').map(Number);
        facts.sack[2 * facts.sackBlocks] = seqAdd(peer, left!);
        facts.sack[2 * facts.sackBlocks++ + 1] = seqAdd(peer, right!);
      }
    } else if (word === 'ts') {
      facts.options |= HAS_TIMESTAMPS;
      const [value, echo] = next().split('/').map(Number);
      facts.tsValue = seqAdd(value!, 0);
      facts.tsEcho = seqAdd(echo!, 0);
    } else if (word === 'mptcp') {
      facts.options |= HAS_MPTCP;
      facts.multipathSubtypes |= 1 << Number(next());
    } else if (word === 'len?') facts.defects |= LENGTH_UNKNOWN;
    else if (word === 'bogus') facts.defects |= BAD_DATA_OFFSET;
    else throw new Error(`what is ${word}? ${source}`);
  }
  return {
    body: body!.trim().replace(/\s+/g, ' '),
    facts,
    notes: found
      .trim()
      .split(/[\s,]+/)
      .filter(Boolean),
    states: expectation.trim() === '' ? null : expectation.trim().replace(/\s+/g, ' '),
    afterNs,
    timeNs: 0n,
  };
}

function addFrame(frames: FrameTable, timeNs: bigint): void {
  frames.reserve(1, 0);
  const frame = frames.length++;
  const nanos = ((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  frames.seconds[frame] = Number((timeNs - nanos) / 1_000_000_000n);
  frames.nanos[frame] = Number(nanos);
}

function statesOf(row: SegmentRow, facts: SegmentFacts): string {
  const leftIsClient = (row.from === 'client') === (facts.source === LEFT);
  const [left, right] = leftIsClient ? [row.client, row.server] : [row.server, row.client];
  return `${left.state} | ${right.state}`;
}

/** The same connections as a capture, whose first packet is sent 1 700 000 000 s after 1970. */
export function captured(options: ScriptOptions, text: string): Uint8Array {
  return encode(linesOf(options, text));
}

const START_NS = 1_700_000_000n * 1_000_000_000n;

const encode = (lines: readonly Line[]): Uint8Array =>
  encodePcapNs(lines.map(({ facts, timeNs }) => ({ timeNs: START_NS + timeNs, bytes: encodeFrame(fromFacts(facts)) })));

let kept = 0;

function keepForOtherTools(lines: readonly Line[]): void {
  const folder = process.env.TCP_TRACE_SCRIPTS;
  if (folder === undefined || lines.some(({ facts }) => facts.defects !== 0)) return;
  writeFileSync(path.join(folder, `script-${process.pid}-${kept++}.pcap`), encode(lines));
}

function fromFacts(facts: SegmentFacts): Parameters<typeof encodeFrame>[0] {
  const has = (bit: number): boolean => (facts.options & bit) !== 0;
  return {
    source: facts.source,
    destination: facts.destination,
    sourcePort: facts.sourcePort,
    destinationPort: facts.destinationPort,
    seq: facts.seq,
    ack: facts.ack,
    flags: facts.flags,
    window: facts.window,
    urgentPointer: facts.urgentPointer,
    payloadBytes: facts.payloadBytes,
    options: {
      ...(has(HAS_MSS) ? { mss: facts.mss } : {}),
      ...(has(HAS_WINDOW_SCALE) ? { windowScale: facts.windowScale } : {}),
      ...(has(HAS_SACK_PERMITTED) ? { sackPermitted: true } : {}),
      ...(has(HAS_SACK)
        ? {
            sack: Array.from({ length: facts.sackBlocks }, (_, i) => [
              u32(facts.sack[2 * i]!),
              u32(facts.sack[2 * i + 1]!),
            ]),
          }
        : {}),
      ...(has(HAS_TIMESTAMPS) ? { timestamps: [facts.tsValue, facts.tsEcho] } : {}),
      ...(has(HAS_MPTCP) ? { raw: [30, 4, (31 - Math.clz32(facts.multipathSubtypes)) << 4, 0] } : {}),
    },
  };
}
