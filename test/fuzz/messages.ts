import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Trace } from '../../src/core/analyze';
import { bytesSource } from '../../src/core/bytes/source';
import { readMessage } from '../../src/extension/editor/messages';
import { type FromWorker, queryFault, type ToHost, type TraceQueries, type TraceQuery } from '../../src/protocol';
import { createSession } from '../../src/worker/session';
import { random } from '../support/random';
import { sampleFile } from '../support/traces';
import type { FuzzTarget } from './target';

type Next = (limit: number) => number;

const SEARCH = { bytes: [0x47, 0x45, 0x54], ignoreCase: true };
const STREAM = { connection: 0, sides: 'both', lineBytes: 16 } as const;

/** Each query as a view asks it. */
const QUERIES: { readonly [Q in TraceQuery]: TraceQueries[Q]['params'] } = {
  summary: {},
  connections: { start: 0, end: 100 },
  findConnections: { text: '10.1 SYN', start: 0, limit: 100 },
  prepareFinding: { start: 0 },
  segments: { connection: 0, start: 0, end: 100 },
  quietRuns: { connection: 0 },
  phases: { connection: 0 },
  pauses: { connection: 0, atLeastNs: 1e6, limit: 100 },
  sparkline: { connection: 0, bins: 40 },
  marks: { connection: 0, limit: 100 },
  problem: { connection: 0, row: 3, direction: 1 },
  reasons: { connection: 0, row: 7 },
  lesson: { connection: 0, row: 7 },
  graphProgress: { connection: 0 },
  graph: { connection: 0, graph: 'sequence', side: 'client', from: 0, to: 1e9, columns: 800, intervalNs: 0 },
  diagnosis: { thresholds: { synFloodRate: 3 } as never },
  filter: { text: 'tcp.port == 80 && note.retransmission', packets: 1000 },
  suggest: { text: 'tcp.flags.syn == 1 || ip.addr == 10.1.0.2', cursor: 5 },
  connectionsWith: { filter: 'tcp.len > 0', start: 0, end: 100 },
  connectionIndex: { filter: 'tcp.len > 0', connection: 1 },
  matches: { filter: 'tcp.len > 0', connection: 0, start: 0, end: 100 },
  packetRows: { filter: '', connection: null, start: 0, end: 100 },
  packetIndex: { filter: '', connection: null, packet: 3 },
  stream: STREAM,
  streamRows: { ...STREAM, start: 0, end: 100 },
  streamRowOf: { ...STREAM, row: 4 },
  streamFind: { connection: 0, sides: 'both', search: SEARCH },
  streamMarks: { ...STREAM, search: SEARCH, start: 0, end: 100 },
  streamMatch: { ...STREAM, search: SEARCH, index: 0 },
  streamMatchFrom: { ...STREAM, search: SEARCH, row: 0 },
  streamBytes: { connection: 0, sides: 'both', from: 0, to: 1000 },
  exportedRows: { connection: 0, format: 'csv', start: 0, end: 100, key: [1, 2] },
  exportedPackets: { connection: 0, start: 0, end: 100, key: null, payload: true },
  unquotedSegments: { connection: 0, start: 0, end: 100 },
  loadFilterFault: { text: 'ip.addr == 10.0.0.0/8 || port in {80, 443}' },
  replayStates: {},
  stateMoves: {},
  movesOf: { from: 'SYN-SENT', to: 'ESTABLISHED', start: 0, end: 100 },
  packet: { packet: 4 },
  place: { packet: 4 },
  carriers: { connection: 0, row: 5 },
  references: { connection: 0, row: 5 },
  textPackets: { start: 1, end: 50 },
  connectionText: { connection: 0, start: 0, end: 100 },
  textConnections: { start: 0, end: 100 },
  connectionFrom: { line: 12 },
  textFolds: { most: 100 },
  textFindings: { start: 0, limit: 100, infos: true },
};
const NAMES = Object.keys(QUERIES) as TraceQuery[];

/** What else a view sends. */
const OTHERS: readonly ToHost[] = [
  { type: 'ready' },
  { type: 'command', command: 'goToPacket' },
  { type: 'copy', text: 'tcp.port == 80' },
  { type: 'stream', action: 'save', connection: 0, sides: 'both' },
  { type: 'picture', id: 1, png: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) },
  { type: 'openRfc', rfc: 9293, section: '3.10.7.4' },
  { type: 'state', state: { tab: 'sequence', connection: 0, row: 2 } },
  { type: 'filter', text: 'flags.rst' },
  { type: 'saveGraph', connection: 0, graph: 'rtt', svg: '<svg></svg>' },
];

/** Values that a check might have forgotten. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  NaN,
  Infinity,
  -Infinity,
  -1,
  -0,
  0.5,
  2 ** 31,
  2 ** 32,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 1,
  1e308,
  10n,
  true,
  '',
  '0',
  '__proto__',
  'constructor',
  'client',
  'server',
  'both',
  '../../etc/passwd',
  'file:///etc/passwd',
  'command:workbench.action.quit',
  '\u202e\u0000<script>',
  '('.repeat(1000),
  'tcp.port=='.repeat(100),
  [],
  [1, 2],
  {},
  { bytes: [], ignoreCase: false },
  { bytes: [256], ignoreCase: false },
  { bytes: [0], ignoreCase: false },
  { bytes: [0, 0, 0], ignoreCase: true },
  { length: 3 },
  new Date(0),
  new Map(),
  new Uint8Array(8),
];
const SMALL_NUMBERS = 64;

const changed = (value: unknown, next: Next): unknown => {
  const what = next(6);
  if (what === 0) return ODD[next(ODD.length)];
  if (typeof value === 'number' && what < 5) return next(SMALL_NUMBERS);
  if (typeof value === 'string') return changedText(value, next);
  if (Array.isArray(value)) return value.map((one: unknown) => (next(3) === 0 ? changed(one, next) : one));
  return isRecord(value) ? changedRecord(value, next) : value;
};

/** Characters swapped, doubled, left out, or taken from what a filter is written in. */
function changedText(text: string, next: Next): string {
  const characters = [...text];
  for (let times = 1 + next(3); times > 0; times--)
    characters.splice(
      next(characters.length + 1),
      next(3),
      ...['', '"', '(', '==', '&&', '0x', ' in {', '..', '-', '1'][next(10)]!,
    );
  return characters.join('');
}

function changedRecord(record: Readonly<Record<string, unknown>>, next: Next): Record<string, unknown> {
  const made: Record<string, unknown> = { ...record };
  const keys = Object.keys(made);
  for (const key of keys) if (next(keys.length + 1) < 2) made[key] = changed(made[key], next);
  if (next(12) === 0 && keys.length > 0) delete made[keys[next(keys.length)]!];
  if (next(12) === 0) made[['__proto__', 'extra', 'path', 'type'][next(4)]!] = ODD[next(ODD.length)];
  return made;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

function messageOf(next: Next): unknown {
  if (next(50) === 0) return ODD[next(ODD.length)];
  if (next(5) === 0) return changedRecord(OTHERS[next(OTHERS.length)]!, next);
  const query = NAMES[next(NAMES.length)]!;
  const params = changedRecord(QUERIES[query], next);
  if (Object.hasOwn(params, 'connection') && next(2) === 0) params['connection'] = next(5);
  const asked = { type: 'query', id: next(1000), query, params };
  return next(20) === 0 ? changedRecord(asked, next) : asked;
}

/** A session of the worker that has read a capture to its end, and the answers that it gave to one message. */
function sessionOn(sample: string): (data: unknown) => FromWorker[] {
  const bytes = readFileSync(sampleFile(sample));
  let waiting: (() => void)[] = [];
  let sent: FromWorker[] = [];
  const receive = createSession({
    open: (_, options) => ({ read: () => Trace.open(bytesSource(bytes), options) }),
    send: (message) => sent.push(message),
    defer: (work) => waiting.push(work),
    now: () => 0,
  });
  const settle = (): void => {
    while (waiting.length > 0) {
      const now = waiting;
      waiting = [];
      for (const work of now) work();
    }
  };
  receive({ type: 'open', input: { kind: 'bytes', bytes }, options: { decompressionLimit: 1 << 20 } });
  settle();
  return (data) => {
    sent = [];
    receive(data);
    settle();
    return sent;
  };
}

/**
 * What the host lets through must be what it says, whatever a view sends; the worker must answer all of that exactly
 * once, and never with an error: what is wrong with a query is found at the door.
 */
export const messages: FuzzTarget = {
  id: 'messages',
  about: 'messages of the view, changed, to the host and from it to the worker',
  share: 200,
  prepare() {
    const sessions = ['start-here.pcapng', 'handshake.pcap', 'syn-flood.pcap', 'zero-window.pcap'].map(sessionOn);
    return (seed) => {
      const next = random(seed);
      const data = messageOf(next);
      const read = readMessage(data);
      const session = sessions[next(sessions.length)]!;
      if (read.type === 'refused') {
        // The worker's door is held by the same list.
        if (!isRecord(data) || data['type'] === 'query') answersOf(session(data), false);
        return;
      }
      assert.deepEqual(readMessage(read), read, 'reading it again changes nothing');
      if (read.type !== 'query') return;
      assert.equal(queryFault(read.query, read.params), null);
      answersOf(session(read), true);
    };
  },
};

function answersOf(sent: readonly FromWorker[], expected: boolean): void {
  const answers = sent.filter((message) => message.type === 'answer');
  if (!expected) return;
  assert.equal(answers.length, 1, 'one answer');
  const [answer] = answers;
  assert.ok(answer!.ok, answer!.ok ? '' : answer!.error);
}
