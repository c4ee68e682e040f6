import { count } from '../format/number';
import { duration } from '../format/time';
import { HAS_SACK_PERMITTED, HAS_TIMESTAMPS, HAS_WINDOW_SCALE } from '../model/facts';
import { ACK, FIN, PSH, RST, SYN, URG } from '../model/flags';
import { message, type Message } from '../model/message';
import type { DiagnosisContext } from './context';
import { type Conclusion, crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { KeyTable } from './key-table';
import { MOST as MOST_ROUGHLY, RoughCounts } from './sketches';
import { CLIENT, type Role, SERVER, Walk } from './walk';

const BY_CONNECTING = message(
  'An inventory or monitoring tool, or a client that tries one service after another, looks the same.',
);
const BY_ODD_FLAGS = message(
  'No ordinary connection begins like this; a broken stack or a test tool may send it without wanting to scan.',
);
const BY_ACKS = message(
  'Connections that a firewall or a restarted host has forgotten, to many ports of one host, look the same.',
);

const SYN_SCAN: KindOf = {
  kind: 'syn-scan',
  title: message('SYN scan (half-open)'),
  cites: 'RFC 9293 §3.5',
  caution: BY_CONNECTING,
};
const CONNECT_SCAN: KindOf = {
  kind: 'connect-scan',
  title: message('Connect scan'),
  cites: 'RFC 9293 §3.5',
  caution: BY_CONNECTING,
};
const byOddFlags = (kind: KindOf['kind'], title: Message): KindOf => ({
  kind,
  title,
  cites: 'RFC 9293 §3.10.7.1, §3.10.7.2',
  caution: BY_ODD_FLAGS,
});
const FIN_SCAN = byOddFlags('fin-scan', message('FIN scan'));
const NULL_SCAN = byOddFlags('null-scan', message('NULL scan'));
const XMAS_SCAN = byOddFlags('xmas-scan', message('Xmas scan'));
const ACK_SCAN: KindOf = {
  kind: 'ack-scan',
  title: message('ACK scan (or window scan)'),
  cites: 'RFC 9293 §3.10.7.1',
  caution: BY_ACKS,
};
const WINDOW_SCAN: KindOf = {
  kind: 'window-scan',
  title: message('Window scan'),
  cites: 'RFC 9293 §3.10.7.1',
  caution: BY_ACKS,
};

/** How probes begin, as numbers for tables. */
const PROBES: readonly KindOf[] = [SYN_SCAN, FIN_SCAN, NULL_SCAN, XMAS_SCAN, ACK_SCAN];
const BY_SYN = 0;
const BY_FIN = 1;
const BY_NULL = 2;
const BY_XMAS = 3;
const BY_ACK = 4;
const PROBE_SHIFT = 4;

/** Longer than this nothing is a probe. */
const MOST_SEGMENTS = 12;
/** Of bare ACKs that begin nothing, so many percent must be answered by resets to be probes. */
const RESETS_PERCENT = 25;
const MAX_SCANS = 64;
const MAX_PAIRS = 100_000;
const PIECE_CONNECTIONS = 20_000;
/** Ports of a kind that are listed. */
const LISTED = 20;
/** SYNs whose options are read again. */
const READ_SYNS = 4;

/** What a scanner learns of a port; higher ones outweigh lower ones. */
const SILENT = 1;
const RESET = 2;
const RESET_WITH_WINDOW = 3;
const ANSWERED = 4;

interface Scan {
  readonly probe: number;
  readonly family: number;
  readonly from: number;
  readonly to: number;
  readonly ports: Uint8Array;
  readonly packets: Sample;
  /** Answers of open ports, which show what the scanner found. */
  readonly answers: Sample;
  probes: number;
  resets: number;
  completed: number;
  richSyns: number;
  readSyns: number;
  startNs: number;
  endNs: number;
}

/** One host that asks many ports of another for what they answer, and does not use them. */
export const portScan: Detector = {
  group: 'attack',
  kinds: [SYN_SCAN, CONNECT_SCAN, FIN_SCAN, NULL_SCAN, XMAS_SCAN, ACK_SCAN, WINDOW_SCAN],
  watch(context) {
    /** By family and kind of probe, scanner, host. */
    const probes = new RoughCounts();
    return {
      connection(walk) {
        const probe = probeOf(walk);
        if (probe < 0) return;
        const from = prober(walk);
        probes.add(keyOf(walk, probe), walk.address(from), walk.address((1 - from) as Role));
      },
      conclude: () => conclude(context, probes),
    };
  },
};

const keyOf = (walk: Walk, probe: number): number => walk.family() | (probe << PROBE_SHIFT);

/** Who sent the first segment. */
const prober = (walk: Walk): Role =>
  walk.firstOf[CLIENT]! >= 0 && (walk.firstOf[SERVER]! < 0 || walk.firstOf[CLIENT]! < walk.firstOf[SERVER]!)
    ? CLIENT
    : SERVER;

/** How a connection that carries nothing begins; -1 where it is no probe. */
function probeOf(walk: Walk): number {
  if (
    walk.segments[CLIENT]! + walk.segments[SERVER]! > MOST_SEGMENTS ||
    walk.payloadBytes[CLIENT]! + walk.payloadBytes[SERVER]! > 0
  )
    return -1;
  const flags = walk.tracker.segments.bits[walk.first]! & (FIN | SYN | RST | PSH | ACK | URG);
  switch (flags) {
    case SYN:
      return BY_SYN;
    case FIN:
      return BY_FIN;
    case 0:
      return walk.tracker.segments.payloadBytes.of(walk.first) < 0 ? -1 : BY_NULL;
    case FIN | PSH | URG:
      return BY_XMAS;
    case ACK:
      return isLoneAck(walk) ? BY_ACK : -1;
    default:
      return -1;
  }
}

/** Nothing but ACKs from one end, and nothing but resets from the other. */
function isLoneAck(walk: Walk): boolean {
  const from = prober(walk);
  const to = (1 - from) as Role;
  if (walk.segments[from]! > 2 || walk.reset[from]! >= 0 || walk.fin[CLIENT]! >= 0 || walk.fin[SERVER]! >= 0)
    return false;
  return walk.segments[to] === 0 || walk.reset[to] === walk.firstOf[to];
}

function* conclude(context: DiagnosisContext, rough: RoughCounts): Conclusion {
  const { thresholds } = context;
  if (rough.highest < Math.min(thresholds.portScanPorts, MOST_ROUGHLY)) return;
  // Exact counts of the pairs that may matter, and then a look at those that do.
  const pairs = new KeyTable(1, MAX_PAIRS);
  yield* eachProbe(context, rough, (probe, walk, from) => {
    const row = pairs.add(keyOf(walk, probe), walk.address(from), walk.address((1 - from) as Role));
    if (row >= 0) pairs.columns[0]![row]!++;
  });
  const scans = new Map<number, Scan>();
  for (let row = 0; row < pairs.length && scans.size < MAX_SCANS; row++)
    if (pairs.columns[0]![row]! >= thresholds.portScanPorts) scans.set(row, newScan(pairs, row));
  if (scans.size === 0) return;
  yield* eachProbe(context, rough, (probe, walk, from) => {
    const row = pairs.find(keyOf(walk, probe), walk.address(from), walk.address((1 - from) as Role));
    const scan = scans.get(row);
    if (scan !== undefined) look(context, scan, walk, from);
  });
  for (const scan of scans.values()) yield* tell(context, scan);
}

/** Goes through the probes of pairs that may be scans. */
function* eachProbe(
  { tracker, thresholds }: DiagnosisContext,
  rough: RoughCounts,
  visit: (probe: number, walk: Walk, from: Role) => void,
): Generator<null> {
  const walk = new Walk(tracker);
  for (let connection = 0; connection < tracker.connections.length; connection++) {
    if (connection % PIECE_CONNECTIONS === 0) yield null;
    if (tracker.connections.segments(connection) > MOST_SEGMENTS) continue;
    const probe = probeOf(walk.go(connection));
    if (probe < 0) continue;
    const from = prober(walk);
    const to = (1 - from) as Role;
    if (rough.mayReach(thresholds.portScanPorts, keyOf(walk, probe), walk.address(from), walk.address(to)))
      visit(probe, walk, from);
  }
}

const newScan = (pairs: KeyTable, row: number): Scan => ({
  probe: pairs.a[row]! >> PROBE_SHIFT,
  family: pairs.a[row]! & ((1 << PROBE_SHIFT) - 1),
  from: pairs.b[row]!,
  to: pairs.c[row]!,
  ports: new Uint8Array(65_536),
  packets: new Sample(6),
  answers: new Sample(6),
  probes: 0,
  resets: 0,
  completed: 0,
  richSyns: 0,
  readSyns: 0,
  startNs: Infinity,
  endNs: 0,
});

function look(context: DiagnosisContext, scan: Scan, walk: Walk, from: Role): void {
  const to = (1 - from) as Role;
  const { segments } = context.tracker;
  const port = walk.port(to);
  const reset = walk.reset[to]!;
  const learnt =
    scan.probe === BY_SYN && walk.synAck >= 0
      ? ANSWERED
      : reset < 0
        ? SILENT
        : segments.window[reset]! > 0
          ? RESET_WITH_WINDOW
          : RESET;
  scan.ports[port] = Math.max(scan.ports[port]!, learnt);
  scan.probes++;
  if (reset >= 0) scan.resets++;
  if (walk.completed >= 0) scan.completed++;
  if (learnt === ANSWERED) scan.answers.add(context.packet(walk.synAck));
  scan.packets.add(context.packet(walk.first));
  scan.startNs = Math.min(scan.startNs, walk.timeOf(walk.first));
  scan.endNs = Math.max(scan.endNs, walk.timeNs);
  if (scan.probe !== BY_SYN || scan.readSyns >= READ_SYNS) return;
  const facts = context.sources.factsOf(walk.syn);
  if (facts === null) return;
  scan.readSyns++;
  if (facts.options & (HAS_SACK_PERMITTED | HAS_TIMESTAMPS | HAS_WINDOW_SCALE)) scan.richSyns++;
}

function* tell(context: DiagnosisContext, scan: Scan): Conclusion {
  const { thresholds } = context;
  const ports = portsBy(scan.ports);
  const probed = ports.reduce((sum, list) => sum + list.length, 0);
  if (probed < thresholds.portScanPorts) return;
  if (scan.probe === BY_ACK && 100 * scan.resets < RESETS_PERCENT * scan.probes) return;
  if (scan.probe === BY_SYN) context.scans.add(scan.family, scan.from, scan.to);
  const kind = kindOf(scan, ports);
  yield finding('attack', kind, {
    severity: 'warning',
    text: message(
      '{0} probed {1} ports of {2} within {3}.',
      context.host(scan.family, scan.from),
      count(probed),
      context.host(scan.family, scan.to),
      duration(scan.endNs - scan.startNs),
    ),
    details: detailsOf(kind, ports),
    packets: [...scan.packets.kept, ...scan.answers.kept],
    packetsTotal: scan.probes,
    crossed: [crossed(context, 'portScanPorts', probed)],
  });
}

/** Ports by what was learnt of them. */
function portsBy(learnt: Uint8Array): number[][] {
  const ports: number[][] = Array.from({ length: ANSWERED + 1 }, () => []);
  for (let port = 0; port < learnt.length; port++) if (learnt[port] !== 0) ports[learnt[port]!]!.push(port);
  return ports;
}

function kindOf(scan: Scan, ports: readonly number[][]): KindOf {
  if (scan.probe === BY_SYN) {
    // Whoever completes handshakes lets the system connect; without an open port its options tell whether it was one.
    const connects = ports[ANSWERED]!.length > 0 ? scan.completed > 0 : scan.richSyns * 2 > scan.readSyns;
    return connects ? CONNECT_SCAN : SYN_SCAN;
  }
  // Windows of resets that differ are what a window scan looks for.
  const tells = ports[RESET_WITH_WINDOW]!.length > 0 && ports[RESET]!.length > 0;
  return scan.probe === BY_ACK && tells ? WINDOW_SCAN : PROBES[scan.probe]!;
}

function detailsOf(kind: KindOf, ports: readonly number[][]): Message[] {
  const silent = ports[SILENT]!;
  const reset = [...ports[RESET]!, ...ports[RESET_WITH_WINDOW]!].sort((a, b) => a - b);
  const told = (list: readonly number[], text: (n: string, list: string) => Message): Message[] =>
    list.length === 0 ? [] : [text(count(list.length), listed(list))];
  switch (kind.kind) {
    case 'syn-scan':
    case 'connect-scan':
      return [
        ...told(ports[ANSWERED]!, (n, list) => message('Open, answered by a SYN-ACK ({0}): {1}', n, list)),
        ...told(reset, (n, list) => message('Closed, answered by a reset ({0}): {1}', n, list)),
        ...told(silent, (n, list) => message('Filtered, no answer ({0}): {1}', n, list)),
      ];
    case 'window-scan':
      return [
        ...told(ports[RESET_WITH_WINDOW]!, (n, list) =>
          message('Open, reset with a window above 0 ({0}): {1}', n, list),
        ),
        ...told(ports[RESET]!, (n, list) => message('Closed, reset with a window of 0 ({0}): {1}', n, list)),
        ...told(silent, (n, list) => message('Filtered, no answer ({0}): {1}', n, list)),
      ];
    case 'ack-scan':
      return [
        ...told(reset, (n, list) => message('Not filtered, answered by a reset ({0}): {1}', n, list)),
        ...told(silent, (n, list) => message('Filtered, no answer ({0}): {1}', n, list)),
        message(
          'A window scan sends the same and looks at the windows of the resets; here they tell it nothing: all are alike.',
        ),
      ];
    default:
      return [
        ...told(reset, (n, list) => message('Closed, answered by a reset ({0}): {1}', n, list)),
        ...told(silent, (n, list) => message('Open or filtered, no answer ({0}): {1}', n, list)),
      ];
  }
}

const listed = (ports: readonly number[]): string =>
  ports.slice(0, LISTED).join(', ') + (ports.length > LISTED ? ', …' : '');
