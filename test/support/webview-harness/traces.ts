/** Traces that no file is needed for: too large to keep, or worse than a sample may be. */
import { PARTLY_LOADED } from '../../../src/core/model/load';
import { type Message, message } from '../../../src/core/model/message';
import type { ConnectionRow, Mark, QuietRun, Verdict } from '../../../src/core/model/connection';
import type { Notice } from '../../../src/core/model/notice';
import type { PacketDetail, PacketRow } from '../../../src/core/model/packet';
import type { Note, SegmentRow, Side, Tcb } from '../../../src/core/model/segment';
import type { StateName } from '../../../src/core/model/states';
import type { CaptureSummary } from '../../../src/core/model/summary';
import type { ToView, TraceQueries, TraceQuery } from '../../../src/protocol';

export interface MadeUpTrace {
  start(tell: (message: ToView) => void): void;
  readonly answers: { readonly [Q in TraceQuery]: (params: TraceQueries[Q]['params']) => TraceQueries[Q]['result'] };
}

const X = 2452765130;
const Y = 1996069412;

interface Shape {
  readonly connections: number;
  readonly row: (connection: number) => Partial<ConnectionRow>;
  readonly segment: (connection: number, row: number) => Partial<SegmentRow> & { readonly from: Side };
  readonly runs?: (connection: number) => QuietRun[];
  readonly marks?: (connection: number) => Mark[];
  readonly summary?: Partial<CaptureSummary>;
}

/** A verdict of these clauses, each resting on the connection's first packets. */
function verdictOf(...texts: Message[]): Verdict {
  const brief = texts.reduce((before, text) => message('{0}; {1}', before, text));
  const opening = message('opened by the client in {0}', '20.9 ms');
  const clauses = [opening, ...texts].map((text, i) => ({ text, packets: [1 + i, 2 + i, 3 + i] }));
  return { sentence: message('{0}; {1}', opening, brief), brief, clauses };
}

function trace(shape: Shape): MadeUpTrace {
  const connection = (n: number): ConnectionRow => ({
    connection: n,
    client: { address: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, port: 32768 + (n % 28000) },
    server: { address: '10.2.0.9', port: [443, 80, 21, 5432][n % 4]! },
    partial: n % 97 === 3,
    firstPacket: 1 + n * 30,
    lastPacket: 30 + n * 30,
    segments: 30 + ((n * 7919) % 400),
    start: `${1_700_000_000 + Math.floor(n / 50)}.${String((n * 20_000_123) % 1e9).padStart(9, '0')}`,
    startNs: n * 20_000_123,
    durationNs: 1_000_000 * (20 + ((n * 7907) % 90_000)),
    payloadBytes: { client: 500 + ((n * 104_729) % 100_000), server: (n * 1_299_709) % 9_000_000 },
    state: n % 5 === 4 ? { client: 'CLOSED', server: 'CLOSED' } : { client: 'TIME-WAIT', server: 'CLOSED' },
    assumed: { client: false, server: false },
    completeness:
      n % 5 === 4
        ? ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'RST']
        : n % 97 === 3
          ? ['DATA', 'FIN']
          : ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'FIN'],
    handshakeRttNs: n % 97 === 3 ? null : 1_000_000 + ((n * 15_485_863) % 80_000_000),
    notes: n % 6 === 2 ? { retransmission: n % 17, 'duplicate-ack': 3 } : {},
    problems: n % 5 === 4 ? 1 : n % 6 === 2 ? (n % 17) + 3 : 0,
    verdict: verdictOf(
      ...(n % 5 === 4
        ? [message('reset by the {0}', message('server'))]
        : n % 6 === 2
          ? [message('closed in order, {0} first', message('client')), message('{0} retransmissions', n % 17)]
          : [message('closed in order, {0} first', message('client'))]),
    ),
    ...shape.row(n),
  });
  const infos = new Map<number, ConnectionRow>();
  const info = (n: number): ConnectionRow => {
    const known = infos.get(n) ?? connection(n);
    infos.set(n, known);
    return known;
  };
  const segment = (n: number, row: number): SegmentRow => {
    const made = shape.segment(n, row);
    const tcb = (state: StateName, side: Side): Tcb => ({
      state,
      assumed: false,
      iss: side === 'client' ? X : Y,
      irs: side === 'client' ? Y : X,
      sndUna: (side === 'client' ? X : Y) + 1 + row * 10,
      sndNxt: (side === 'client' ? X : Y) + 1 + row * 10,
      sndWnd: 29312,
      sndUp: null,
      sndWl1: (side === 'client' ? Y : X) + 1,
      sndWl2: (side === 'client' ? X : Y) + 1,
      rcvNxt: (side === 'client' ? Y : X) + 1 + row * 10,
      rcvWnd: 29312,
      rcvUp: null,
    });
    const first = info(n).firstPacket;
    return {
      row,
      segment: row,
      packet: first + row,
      timeNs: info(n).startNs + row * 120_037,
      connection: n,
      seq: 1 + row * 10,
      ack: 1 + row * 10,
      seqRaw: ((made.from === 'client' ? X : Y) + 1 + row * 10) >>> 0,
      ackRaw: ((made.from === 'client' ? Y : X) + 1 + row * 10) >>> 0,
      len: 0,
      lengthKnown: true,
      headerCut: false,
      missing: [],
      relativeOnly: { client: false, server: false },
      arrival: null,
      checks: [],
      calls: [],
      flags: ['ACK'],
      window: 229,
      scaledWindow: 29312,
      checksum: 'good',
      notes: [],
      sack: [],
      acks: null,
      ackRttNs: null,
      bytesInFlight: null,
      client: tcb('ESTABLISHED', 'client'),
      server: tcb('ESTABLISHED', 'server'),
      before: row === 0 ? null : { client: tcb('ESTABLISHED', 'client'), server: tcb('ESTABLISHED', 'server') },
      label: `ACK ack ${1 + row * 10}`,
      explanation: [message('Acknowledges everything before {0}.', 1 + row * 10)],
      ...made,
    };
  };
  const summary: CaptureSummary = {
    format: 'pcapng 1.0, little-endian',
    textFormat: null,
    clock: 'absolute',
    interfaces: [],
    linkTypes: [{ linkType: 1, name: 'Ethernet', frames: shape.connections * 30, supported: true }],
    frames: shape.connections * 30,
    segments: shape.connections * 30,
    connections: shape.connections,
    start: '1700000000.000000000',
    durationNs: 3.6e12,
    bytesRead: 1.07e9,
    bytesTotal: 1.07e9,
    done: true,
    notices: [],
    noticesTotal: 0,
    part: null,
    ...shape.summary,
  } as CaptureSummary;
  const frames = Math.max(summary.frames, info(0).segments);
  /** Every tenth packet is what any filter finds. */
  const step = (filter: string): number => (filter === '' ? 1 : 10);
  const packet = (index: number, by: number): PacketRow => {
    const row = segment(0, index * by);
    return {
      packet: index * by + 1,
      timeNs: row.timeNs,
      deltaNs: index === 0 ? null : by * 120_037,
      connectionNs: row.timeNs,
      source: row.from === 'client' ? '10.1.0.2' : '10.2.0.9',
      destination: row.from === 'client' ? '10.2.0.9' : '10.1.0.2',
      protocol: 'TCP',
      bytes: 54 + row.len,
      info: row.label,
      connection: 0,
      from: row.from,
      client: row.client.state,
      server: row.server.state,
      notes: row.notes.map(({ kind }) => kind),
      problem: row.notes.length > 0,
    };
  };
  const marks = (n: number): Mark[] => shape.marks?.(n) ?? [];
  return {
    start: (tell) => tell({ type: 'progress', summary }),
    answers: {
      summary: () => summary,
      connections: ({ start, end }) => range(start, Math.min(end, shape.connections)).map(connection),
      findConnections: () => ({ found: [], next: null }),
      prepareFinding: () => null,
      segments: ({ connection: n, start, end }) =>
        range(start, Math.min(end, info(n).segments)).map((row) => segment(n, row)),
      phases: () => [],
      pauses: () => [],
      sparkline: () => null,
      graphProgress: () => null,
      diagnosis: () => ({ done: true, walked: 0, segments: 0, findings: [], omitted: 0 }),
      graph: () => null,
      quietRuns: ({ connection: n }) => shape.runs?.(n) ?? [],
      marks: ({ connection: n }) => marks(n),
      problem: ({ connection: n, row, direction }) => {
        const problems = marks(n).filter(({ kind, row: at }) => kind === 'problem' && (at - row) * direction > 0);
        return (direction > 0 ? problems[0] : problems[problems.length - 1])?.row ?? null;
      },
      reasons: () => [],
      lesson: () => [],
      filter: ({ packets }) => ({
        faults: [],
        packets: Math.ceil(frames / 10),
        connections: shape.connections,
        total: packets,
        share: 1,
        done: true,
      }),
      suggest: ({ cursor }) => ({ start: cursor, end: cursor, items: [], faults: [] }),
      connectionsWith: ({ start, end }) => range(start, Math.min(end, shape.connections)).map(connection),
      connectionIndex: ({ connection: index }) => ({
        length: shape.connections,
        index: Math.min(index, shape.connections),
        has: index < shape.connections,
      }),
      matches: ({ start, end }) => range(start, end).filter((row) => row % 10 === 0),
      packetRows: ({ filter, start, end }) =>
        range(start, Math.min(end, Math.ceil(frames / step(filter)))).map((index) => packet(index, step(filter))),
      packetIndex: ({ filter, packet: number }) => ({
        length: Math.ceil(frames / step(filter)),
        index: Math.ceil((number - 1) / step(filter)),
      }),
      stream: () => ({
        done: true,
        share: 1,
        rows: 1_000_000,
        bytes: 16_000_000,
        missing: 0,
        repeated: 0,
        conflicts: 0,
        beyond: 0,
      }),
      streamRows: ({ start, end }) =>
        range(start, Math.min(end, 1_000_000)).map((row) => ({
          kind: 'data',
          from: row % 3 === 2 ? 'server' : 'client',
          offset: row * 16,
          bytes: new TextEncoder().encode(String(row).padStart(16, ' ')),
          parts: [{ start: 0, end: 16, captured: 16, packet: row + 1, row, conflict: null }],
        })),
      streamRowOf: ({ row }) => row,
      streamFind: () => ({ done: true, share: 1, matches: 0, more: false }),
      streamMarks: () => [],
      streamMatch: () => null,
      streamMatchFrom: () => -1,
      streamBytes: () => new Uint8Array(0),
      loadFilterFault: () => null,
      replayStates: () => 1,
      stateMoves: () => ({ share: 1, moves: [] }),
      movesOf: () => [],
      packet: ({ packet: number }) => packetDetail(number),
      place: ({ packet }) => ({ packet, connection: 0, row: packet - 1 }),
      // The view does not ask these.
      carriers: () => [],
      exportedRows: () => [],
      exportedPackets: () => null,
      unquotedSegments: () => [],
      references: () => [],
      textPackets: () => [],
      connectionText: () => [],
      textConnections: () => [],
      connectionFrom: () => 0,
      textFolds: () => [],
      textFindings: () => ({ found: [], next: null }),
    },
  };
}

const range = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);

/** A frame of Ethernet alone with a field that fills it: enough to draw. */
function packetDetail(packet: number): PacketDetail {
  const bytes = new Uint8Array(1514).map((_, i) => (i * 31 + packet) & 255);
  return {
    packet,
    time: `1700000000.${String(packet % 1e9).padStart(9, '0')}`,
    capturedBytes: 1514,
    originalBytes: 9014,
    interface: 'eth0',
    linkType: 'Ethernet',
    comments: [],
    layers: [
      {
        id: 'eth',
        place: 'link',
        name: 'Ethernet II',
        summary: '52:54:00:12:35:02 → 52:54:00:12:35:03',
        buffer: 0,
        start: 0,
        end: 14,
        until: 1514,
        fields: [
          { id: 'eth.dst', name: 'Destination', value: '52:54:00:12:35:02', bit: 0, bits: 48 },
          { id: 'eth.src', name: 'Source', value: '52:54:00:12:35:03', bit: 48, bits: 48 },
          { id: 'eth.type', name: 'Type', value: '0x0800', bit: 96, bits: 16, meaning: message('IPv4') },
        ],
      },
      {
        id: 'tcp',
        place: 'transport',
        name: 'Transmission Control Protocol',
        summary: '51234 → 21',
        buffer: 0,
        start: 34,
        end: 1514,
        until: 1514,
        fields: [
          { id: 'tcp.srcport', name: 'Source Port', value: '51234', bit: 272, bits: 16 },
          { id: 'tcp.dstport', name: 'Destination Port', value: '21', bit: 288, bits: 16 },
          {
            id: 'tcp.payload',
            name: 'Payload',
            value: '1476 bytes of data that fill the rest of the frame',
            bit: 304,
            bits: 11808,
          },
        ],
      },
    ],
    buffers: [{ name: message('Frame'), bytes }],
    fragments: [],
    notices: [],
  };
}

const retransmission = (of: number): Note => ({
  kind: 'retransmission',
  level: 'problem',
  of,
  rtoNs: 204_000_000,
  text: message(
    'Retransmission of packet {0}, {1} after it: the retransmission timer ran out. RFC 6298 §5',
    of,
    '204 ms',
  ),
});

/** One connection with a million segments, of which every 5000th is sent twice. */
function million(): MadeUpTrace {
  const segments = 1_000_000;
  const problems = range(1, 200).map((i) => i * 5000);
  return trace({
    connections: 3,
    row: (n) => ({
      segments: n === 0 ? segments : 40,
      firstPacket: 1,
      lastPacket: n === 0 ? segments : 40,
      problems: problems.length,
      durationNs: 120_037 * segments,
    }),
    segment: (_, row) => {
      const from: Side = row % 3 === 2 ? 'server' : 'client';
      if (row > 0 && row % 5000 === 0) {
        const note = retransmission(row - 2);
        return {
          from,
          len: 1448,
          flags: ['PSH', 'ACK'],
          label: `PSH ACK seq ${row * 10} len 1448`,
          notes: [note],
          explanation: [note.text, message('Sends {0} bytes.', 1448)],
        };
      }
      return from === 'client'
        ? {
            from,
            len: 1448,
            flags: ['PSH', 'ACK'],
            label: `PSH ACK seq ${row * 10} len 1448`,
            explanation: [message('Sends {0} bytes.', 1448)],
          }
        : { from };
    },
    runs: (n) =>
      n !== 0
        ? []
        : problems.slice(0, 20).map((row) => ({
            start: row + 100,
            end: row + 4000,
            dataSegments: { client: 2600, server: 0 },
            payloadBytes: { client: 2600 * 1448, server: 0 },
            acks: { client: 0, server: 1300 },
            durationNs: 3900 * 120_037,
          })),
    marks: () => [
      { row: 0, kind: 'open' },
      ...problems.map((row): Mark => ({ row, kind: 'problem' })),
      { row: segments - 1, kind: 'close' },
    ],
  });
}

function connections(): MadeUpTrace {
  return trace({
    connections: 200_000,
    row: () => ({}),
    segment: (_, row) => ({ from: row % 2 === 0 ? 'client' : 'server' }),
  });
}

const HOSTILE = '<img src=x onerror=alert(1)>\u001b[31m\u202egnp.exe\u2066 \u0000\r\n<script>alert(2)</script>';

/** Texts that try to be something else than text, long addresses, a partial connection. */
function hostile(): MadeUpTrace {
  return trace({
    connections: 40,
    row: (n) => ({
      segments: 60,
      client:
        n % 2 === 0
          ? { address: '2001:db8:85a3:8d3:1319:8a2e:370:7348', port: 51234 }
          : { address: HOSTILE, port: 65535 },
      server: { address: 'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', port: 65535, name: 'backup.office.example' },
      verdict: verdictOf(message('{0}', HOSTILE)),
      problems: 123_456,
      // The capture has its last segment before its first.
      durationNs: n === 1 ? -4_000_000 : 80_000_000,
    }),
    segment: (_, row) => ({
      from: row % 2 === 0 ? 'client' : 'server',
      len: 100_000,
      flags: ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'].slice(
        row % 9,
      ) as SegmentRow['flags'][number][],
      label: `SYN FIN RST PSH URG ECE CWR AE ACK seq 4294967295 ack 4294967295 len 100000 win 65535 mss 65535 ${HOSTILE}`,
      explanation: [message('{0}', HOSTILE.repeat(3)), message('see RFC 9293 §3.5.2 and RFC 793')],
      checksum: 'bad',
      notes: row % 7 === 3 ? [retransmission(row)] : [],
    }),
    summary: { notices: [notice('error', HOSTILE)], noticesTotal: 1, format: HOSTILE },
  });
}

const notice = (severity: Notice['severity'], text: string): Notice => ({
  code: 'made-up',
  severity,
  message: message('{0}', text),
});

/** Five connections and a capture that was cut. */
/** As many packets are loaded as may be. */
function partly(): MadeUpTrace {
  const sentence = message(
    'Only {0} packets are loaded, which is the limit. What follows packet {1} was not read: {2} ({3} % of the file), some {4} packets.',
    '1\u202f000',
    '1\u202f000',
    '1.07 GB',
    '99',
    '1\u202f500\u202f000',
  );
  return trace({
    connections: 20,
    row: () => ({}),
    segment: (_, row) => ({ from: row % 2 === 0 ? 'client' : 'server' }),
    summary: { notices: [{ code: PARTLY_LOADED, severity: 'warning', message: sentence }], noticesTotal: 1 },
  });
}

function damaged(): MadeUpTrace {
  const notices: Notice[] = [
    {
      code: 'cut-record',
      severity: 'error',
      message: message(
        'The capture is cut in packet {0} at byte {1}: {2} of {3} bytes are there. Everything before it is shown.',
        12,
        '3\u202f400',
        40,
        74,
      ),
      packet: 12,
      offset: 3400,
    },
    {
      code: 'bad-length',
      severity: 'warning',
      message: message(
        'Packet {0} says that it has {1} bytes; {2} were captured.',
        7,
        '4\u202f294\u202f967\u202f295',
        60,
      ),
      packet: 7,
    },
    {
      code: 'unsupported-link',
      severity: 'info',
      message: message('{0} packets of link type {1} are counted but not decoded.', 5, 'LINKTYPE 147'),
    },
  ];
  return trace({
    connections: 5,
    row: () => ({}),
    segment: (_, row) => ({ from: row % 2 === 0 ? 'client' : 'server' }),
    summary: { notices, noticesTotal: 1203, frames: 11 },
  });
}

function empty(): MadeUpTrace {
  return trace({
    connections: 0,
    row: () => ({}),
    segment: () => ({ from: 'client' }),
    summary: { frames: 42, linkTypes: [] },
  });
}

function failed(): MadeUpTrace {
  return {
    ...empty(),
    start: (tell) =>
      tell({
        type: 'failed',
        message: message('Not a capture file: it begins with {0}.', '89 50 4e 47 0d 0a 1a 0a (a PNG picture)'),
      }),
  };
}

/** An analysis that never ends: one more percent every 100 ms. */
function reading(): MadeUpTrace {
  const whole = connections();
  const summary = whole.answers.summary({});
  return {
    ...whole,
    start(tell) {
      let percent = 30;
      const report = (): void => {
        percent = Math.min(99, percent + 0.25);
        tell({
          type: 'progress',
          summary: {
            ...summary,
            done: false,
            bytesRead: (summary.bytesTotal * percent) / 100,
            frames: Math.round(60_000 * percent),
            connections: Math.round(2000 * percent),
          },
        });
      };
      report();
      setInterval(report, 100);
    },
  };
}

export const MADE_UP: Readonly<Record<string, () => MadeUpTrace>> = {
  million,
  connections,
  hostile,
  partly,
  damaged,
  empty,
  failed,
  reading,
};
