import type { AddressTable } from '../model/addresses';
import { RST } from '../model/flags';
import type { Field, Layer, PacketRow } from '../model/packet';
import { NOTE_KINDS, type Side } from '../model/segment';
import { type StateName, STATES } from '../model/states';
import type { FrameTable } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { PacketQueries } from './packet-queries';
import { labelOf } from './segment-rows';
import { type StateColumn, UNKNOWN_STATE } from './state-column';

export interface PacketRowSources {
  readonly frames: FrameTable;
  readonly tracker: Tracker;
  readonly addresses: AddressTable;
  readonly packets: PacketQueries;
  readonly states: StateColumn;
}

/** Fields that name what comes next, for packets of which nothing more is decoded. */
const NEXT_FIELDS = new Set(['eth.type', 'ip.proto', 'ipv6.nxt', 'vlan.etype', 'sll.etype', 'llc.dsap']);

/** How protocols are written in lists, where that is not their id in capitals. */
const SHORT_NAMES: Readonly<Record<string, string>> = { ip: 'IPv4', ipv6: 'IPv6', icmpv6: 'ICMPv6', eth: 'Ethernet' };

/** The row of a packet (0-based frame) in a list; `previous` is the one before it there, -1 for the first. */
export function packetRow(sources: PacketRowSources, frame: number, previous: number): PacketRow {
  const { frames, packets } = sources;
  const timed = (other: number): boolean => !frames.untimed && packets.interfaceOf(other).untimed !== true;
  const times = {
    timeNs: timed(frame) ? frames.elapsedNs(0, frame) : null,
    deltaNs: previous < 0 || !timed(frame) || !timed(previous) ? null : frames.elapsedNs(previous, frame),
  };
  const common = { packet: frames.numbers.of(frame), ...times, bytes: frames.originalOf(frame) };
  const segment = packets.firstSegment(frame);
  return segment < 0
    ? { ...common, ...otherRow(packets.detail(frame, []).layers), ...NO_SEGMENT }
    : { ...common, ...segmentRow(sources, frame, segment) };
}

const NO_SEGMENT = {
  connectionNs: null,
  connection: null,
  from: null,
  client: null,
  server: null,
  notes: [],
  problem: false,
} as const;

type Named = Pick<PacketRow, 'source' | 'destination' | 'protocol' | 'info'>;

function segmentRow(
  { frames, tracker, addresses, packets, states }: PacketRowSources,
  frame: number,
  segment: number,
): Named & Pick<PacketRow, keyof typeof NO_SEGMENT> {
  const { segments: table, connections } = tracker;
  const connection = table.flow[segment]! >> 1;
  const direction = table.flow[segment]! & 1;
  const family = connections.family(connection);
  const ports = connections.ports(connection);
  const ends = [
    { address: addresses.text(family, connections.address(connection, 0)), port: ports >>> 16 },
    { address: addresses.text(family, connections.address(connection, 1)), port: ports & 0xffff },
  ] as const;
  const source = ends[direction as 0 | 1];
  const destination = ends[(1 - direction) as 0 | 1];
  const clientDirection = connections.clientDirection(connection);
  const from: Side = direction === clientDirection ? 'client' : 'server';
  const notes = table.notes[segment]!;
  const label = labelOf(tracker, segment, packets.facts(segment));
  return {
    source: source.address,
    destination: destination.address,
    protocol: 'TCP',
    info: `${source.port} → ${destination.port} ${label}`,
    connection,
    connectionNs: frames.elapsedNs(table.frameOf(connections.firstSegment(connection)), frame),
    from,
    client: nameOf(states.client(segment)),
    server: nameOf(states.server(segment)),
    notes: notes === 0 ? [] : NOTE_KINDS.filter((_, bit) => notes & (1 << bit)),
    problem: (notes & tracker.problemBits) !== 0 || (table.bits[segment]! & RST) !== 0,
  };
}

const nameOf = (state: number): StateName | null => (state === UNKNOWN_STATE ? null : STATES[state]!);

/** What is said of a packet without a TCP segment: the addresses and the line of the innermost headers that have them. */
function otherRow(layers: readonly Layer[]): Named {
  const headers = layers.filter(({ place }) => place !== 'payload' && place !== 'trailer');
  const last = headers[headers.length - 1];
  const addressed = headers.findLast(({ fields }) => valueOf(fields, '.src') !== null);
  return {
    source: valueOf(addressed?.fields, '.src') ?? '',
    destination: valueOf(addressed?.fields, '.dst') ?? '',
    protocol: last === undefined ? '' : protocolOf(last),
    info: last?.summary ?? '',
  };
}

function protocolOf({ id, fields }: Layer): string {
  const next = fields.find((field) => NEXT_FIELDS.has(field.id))?.meaning;
  return next?.text ?? SHORT_NAMES[id] ?? id.toUpperCase();
}

const valueOf = (fields: readonly Field[] | undefined, end: '.src' | '.dst'): string | null =>
  fields?.find(({ id }) => id === `ip${end}` || id === `ipv6${end}` || id === `eth${end}` || id === `wlan${end}`)
    ?.value ?? null;
