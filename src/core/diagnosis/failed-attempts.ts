import { count } from '../format/number';
import { IPV6 } from '../model/facts';
import { message, type Message } from '../model/message';
import type { Severity } from '../model/diagnosis';
import type { DiagnosisContext, IcmpError } from './context';
import { type Conclusion, crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { CLIENT, SERVER } from './walk';

const REFUSED: KindOf = {
  kind: 'refused-attempts',
  title: message('Refused connections'),
  cites: 'RFC 9293 §3.10.7.1',
  caution: message('A firewall may send the reset in the name of a host that was never asked.'),
};
const UNANSWERED: KindOf = {
  kind: 'unanswered-attempts',
  title: message('Connections that nobody answers'),
  cites: 'RFC 9293 §3.8.3, RFC 1122 §4.2.3.5',
  caution: message('Answers that took another way, past the point of capture, were not captured.'),
};
const UNREACHABLE: KindOf = {
  kind: 'unreachable',
  title: message('Unreachable, by ICMP'),
  cites: 'RFC 792, RFC 4443 §3.1, RFC 5927 §4',
  caution: message('ICMP messages are easy to forge; path tools cause them on purpose (“time exceeded”).'),
};

/** A SYN that was sent this shortly before the end may still get its answer. */
const TOO_LATE_NS = 1e9;
const MAX_TOLD = 200;
const LISTED = 10;
/** Clients of a host that are told apart; those after them count as one that scans nothing. */
const MAX_CLIENTS = 64;
const OTHERS = -1;

/** Attempts of one client. */
interface Attempts {
  readonly packets: Sample;
  readonly ports: Set<number>;
}

/** A host that was asked, with what became of it, and its clients by their addresses. */
interface Asked {
  readonly family: number;
  readonly address: number;
  readonly refused: boolean;
  readonly clients: Map<number, Attempts>;
}

/** Attempts to connect that failed, by the host that was asked; those that a flood or a scan explains are left out. */
export const failedAttempts: Detector = {
  group: 'connectivity',
  kinds: [REFUSED, UNANSWERED, UNREACHABLE],
  watch(context) {
    const { frames } = context;
    const lastNs = frames.length > 0 ? frames.elapsedNs(0, frames.length - 1) : 0;
    /** By address, family and outcome. */
    let hosts = new Map<number, Asked>();
    return {
      connection(walk) {
        if (walk.syn < 0 || walk.synAck >= 0 || walk.completed >= 0) return;
        const refused = walk.reset[SERVER]! >= 0 && walk.firstOf[SERVER] === walk.reset[SERVER];
        const silent = walk.segments[SERVER] === 0 && walk.payloadBytes[CLIENT] === 0;
        if (!refused && (!silent || lastNs - walk.timeOf(walk.lastSyn) < TOO_LATE_NS)) return;
        const family = walk.family();
        const address = walk.address(SERVER);
        const key = (address * 16 + family) * 2 + Number(refused);
        let host = hosts.get(key);
        if (host === undefined) {
          if (hosts.size >= MAX_TOLD) return;
          hosts.set(key, (host = { family, address, refused, clients: new Map() }));
        }
        const { packets, ports } = attemptsOf(host, walk.address(CLIENT));
        packets.add(context.packet(refused ? walk.reset[SERVER]! : walk.lastSyn));
        if (ports.size <= LISTED) ports.add(walk.port(SERVER));
      },
      *conclude() {
        for (const host of hosts.values()) yield* told(context, host);
        hosts = new Map();
        yield* unreachable(context);
      },
    };
  },
};

function attemptsOf({ clients }: Asked, address: number): Attempts {
  const client = clients.has(address) || clients.size < MAX_CLIENTS ? address : OTHERS;
  let attempts = clients.get(client);
  if (attempts === undefined) clients.set(client, (attempts = { packets: new Sample(), ports: new Set() }));
  return attempts;
}

function* told(context: DiagnosisContext, { family, address, refused, clients }: Asked): Conclusion {
  if (context.flooded.some((one) => one.address === address && one.family === family)) return;
  // What a scan explains is told there.
  const others = [...clients].filter(([client]) => context.scans.find(family, client, address) < 0);
  const n = others.reduce((sum, [, { packets }]) => sum + packets.total, 0);
  if (n === 0) return;
  const packets = others.flatMap(([, attempts]) => attempts.packets.kept).sort((a, b) => a - b);
  const ports = [...new Set(others.flatMap(([, attempts]) => [...attempts.ports]))].sort((a, b) => a - b);
  const isMany = n >= context.thresholds.failedAttempts;
  const severity: Severity = isMany ? 'warning' : 'info';
  const host = context.host(family, address);
  const list = ports.slice(0, LISTED).join(', ') + (ports.length > LISTED ? ', …' : '');
  yield finding('connectivity', refused ? REFUSED : UNANSWERED, {
    severity,
    text: refused
      ? message('{0} refused connections by a reset (attempts: {1}; ports: {2}).', host, count(n), list)
      : message('{0} did not answer SYNs (attempts: {1}; ports: {2}).', host, count(n), list),
    details: refused
      ? [message('The host is there; nobody listens at the port, or a firewall rejects.')]
      : [message('A firewall drops them, the host is down, or the way there or back is broken.')],
    packets,
    packetsTotal: n,
    crossed: isMany ? [crossed(context, 'failedAttempts', n)] : [],
  });
}

const MEANINGS_V4: Readonly<Record<string, Message>> = {
  '3.0': message('network unreachable'),
  '3.1': message('host unreachable'),
  '3.2': message('protocol unreachable'),
  '3.3': message('port unreachable'),
  '3.9': message('network administratively prohibited'),
  '3.10': message('host administratively prohibited'),
  '3.13': message('communication administratively prohibited'),
  '11.0': message('time to live exceeded'),
};
const MEANINGS_V6: Readonly<Record<string, Message>> = {
  '1.0': message('no route to destination'),
  '1.1': message('administratively prohibited'),
  '1.3': message('address unreachable'),
  '1.4': message('port unreachable'),
  '3.0': message('hop limit exceeded'),
};

function* unreachable(context: DiagnosisContext): Conclusion {
  const { connections } = context.tracker;
  const groups = new Map<string, { readonly meaning: Message; readonly where: string; readonly packets: Sample }>();
  for (const [frame, error] of context.sources.icmpErrors) {
    const meaning = meaningOf(error);
    if (meaning === null) continue;
    const { connection } = error;
    const where = connection < 0 ? '' : hostOf(connection);
    const key = `${error.family} ${error.type}.${error.code} ${where}`;
    let group = groups.get(key);
    if (group === undefined) {
      if (groups.size >= MAX_TOLD) continue;
      groups.set(key, (group = { meaning, where, packets: new Sample() }));
    }
    group.packets.add(context.frames.numbers.of(frame));
  }
  for (const { meaning, where, packets } of groups.values()) {
    const isMany = packets.total >= context.thresholds.failedAttempts;
    yield finding('connectivity', UNREACHABLE, {
      severity: isMany ? 'warning' : 'info',
      text:
        where === ''
          ? message(
              '{0} ICMP errors say “{1}” about connections that were not captured.',
              count(packets.total),
              meaning,
            )
          : message('ICMP says “{0}” about segments to {1} (errors: {2}).', meaning, where, count(packets.total)),
      packets: packets.kept,
      packetsTotal: packets.total,
      crossed: isMany ? [crossed(context, 'failedAttempts', packets.total)] : [],
    });
  }

  function hostOf(connection: number): string {
    const server = connections.clientDirection(connection) === 1 ? 0 : 1;
    return context.host(connections.family(connection), connections.address(connection, server));
  }
}

function meaningOf({ family, type, code }: IcmpError): Message | null {
  const isV6 = family === IPV6;
  if (isV6 ? type !== 1 && type !== 3 : type !== 3 && type !== 11) return null;
  if (!isV6 && type === 3 && code === 4) return null; // Path MTU Discovery: no failure
  return (isV6 ? MEANINGS_V6 : MEANINGS_V4)[`${type}.${code}`] ?? message('type {0}, code {1}', type, code);
}
