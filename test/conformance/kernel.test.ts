import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { SegmentRow, Side, Tcb } from '../../src/core/model/segment';
import { inProject } from '../support/command';
import { type KernelReading, type KernelRecording, kernelRecordings } from '../support/kernel/fixtures';
import { readTrace } from '../support/traces';

const SIDES: readonly Side[] = ['client', 'server'];
const VARIABLES = ['sndNxt', 'rcvNxt', 'sndUna', 'sndWnd', 'sndWl1'] as const;
type Variable = (typeof VARIABLES)[number];

/** A segment of a recording as one of its ends sees it. */
interface Sight {
  readonly packet: number;
  readonly from: Side;
  /** What tells it from other segments at either end. */
  readonly key: string;
  readonly before: Readonly<Record<Side, Tcb>> | null;
  readonly after: Readonly<Record<Side, Tcb>>;
}

/** All segments captured at one end, with the sides named as the recording names them. */
function sightsAt(recording: KernelRecording, vantage: Side): Sight[] {
  const trace = readTrace(recording.vantage[vantage]);
  const connections = trace.connections(0, trace.summary().connections);
  return [...trace.allSegments()].map((row: SegmentRow) => {
    const named = namesOf(recording, connections[row.connection]!);
    return {
      packet: row.packet,
      from: named({ client: row.from === 'client', server: row.from === 'server' }).client ? 'client' : 'server',
      key: [row.from, row.seqRaw, row.ackRaw, row.len, row.window, row.flags].join(),
      before: row.before && named(row.before),
      after: named(row),
    };
  });
}

/** Where nobody listens (simultaneous open) the first to speak is the client here, which may be the other end there. */
const namesOf = (recording: KernelRecording, { client }: ConnectionRow) => {
  const same = client.port === recording.client.port && client.address === recording.client.address;
  return <T>(ours: Readonly<Record<Side, T>>): Record<Side, T> => ({
    client: same ? ours.client : ours.server,
    server: same ? ours.server : ours.client,
  });
};

/** States that a side goes through, without the CLOSED or LISTEN that it starts from. */
const path = (states: readonly (string | null)[]): string => {
  const changes = states.filter((state, i) => state !== states[i - 1]);
  if (changes[0] === 'CLOSED' || changes[0] === 'LISTEN') changes.shift();
  return changes.join(' ');
};

const ourPath = (sights: readonly Sight[], side: Side): string =>
  path(sights.flatMap(({ before, after }) => [...(before ? [before[side].state] : []), after[side].state]));

/** A listening socket that takes the ports of one in TIME-WAIT is another one: the first says where the path begins. */
function kernelPath(recording: KernelRecording, side: Side): string {
  const changes = recording.states.filter((change) => change.side === side);
  return path([...changes.slice(0, 1).map(({ from }) => from), ...changes.map(({ to }) => to)]);
}

/** A variable that there is: before the peer's SYN the kernel has 0 for most, and no trace has an ISS before its SYN. */
const isSet = (reading: KernelReading, variable: Variable, ours: Tcb): boolean =>
  reading[variable] !== undefined &&
  (variable === 'sndNxt' || variable === 'sndUna' ? ours.iss !== null : reading.rcvNxt !== 0);

/** Rows of one of the README's tables on the kernel, without their last cell, which is the reason. */
function listed(heading: string): string[] {
  const text = readFileSync(inProject('test/conformance/README.md'), 'utf8');
  const [, after = ''] = text.split(`### ${heading}\n`);
  const [table = ''] = after.split('\n#');
  return [...table.matchAll(/^\| `.*$/gm)].map(([line]) => {
    const cells = line
      .replaceAll('`', '')
      .split(/ *\| */)
      .slice(1, -1);
    assert.notEqual(cells.pop(), '', `no reason: ${line}`);
    return cells.join(' | ');
  });
}

/** Fails unless the differences are exactly those that the README lists. */
function holdsList(found: readonly string[], list: readonly string[]): void {
  assert.deepEqual(
    found.filter((difference) => !list.includes(difference)),
    [],
    'differences that README.md does not list',
  );
  assert.deepEqual(
    list.filter((difference) => !found.includes(difference)),
    [],
    'README.md lists differences that are none any more',
  );
}

/** `7, 9`. */
const numbers = (packets: Iterable<number>): string => [...new Set(packets)].sort((a, b) => a - b).join(', ');

describe('endpoints are those of the Linux kernel', function () {
  this.timeout(60_000);
  const recordings = kernelRecordings();
  const sights = new Map<KernelRecording, Record<Side, Sight[]>>();
  const figures: string[] = [];

  before(() => {
    for (const recording of recordings)
      sights.set(recording, { client: sightsAt(recording, 'client'), server: sightsAt(recording, 'server') });
  });
  after(() => {
    for (const line of figures) console.log(`      ${line}`);
  });

  it('in every change of state, in order', () => {
    const found: string[] = [];
    const equal = { own: 0, other: 0 };
    for (const recording of recordings)
      for (const side of SIDES)
        for (const vantage of SIDES) {
          const ours = ourPath(sights.get(recording)![vantage], side);
          const kernel = kernelPath(recording, side);
          if (ours === kernel) equal[vantage === side ? 'own' : 'other']++;
          else found.push([recording.scenario, side, vantage, ours || 'none', kernel || 'none'].join(' | '));
        }
    const all = recordings.length * SIDES.length;
    figures.push(`${equal.own} of ${all} ends have the kernel's states, captured at that end`);
    figures.push(`${equal.other} of ${all}, captured at the other end`);
    holdsList(found, listed('States that differ'));
  });

  it('in what each had received, captured at the other end, where it loses data on the way as well', () => {
    const found: string[] = [];
    let all = 0;
    for (const recording of recordings)
      for (const side of SIDES) {
        const other = side === 'client' ? 'server' : 'client';
        const there = new Map<string, Sight[]>();
        for (const sight of sights.get(recording)![other])
          if (sight.from === side) there.set(sight.key, [...(there.get(sight.key) ?? []), sight]);
        const here = new Map(sights.get(recording)![side].map((sight) => [sight.packet, sight]));
        for (const reading of recording.variables) {
          const sent = reading.packet === null ? undefined : here.get(reading.packet);
          // A segment that is there more than once cannot be told from its copies, nor found if it was lost.
          const matches = sent?.from === side ? there.get(sent.key) : undefined;
          if (reading.side !== side || !reading.rcvNxt || matches?.length !== 1) continue;
          all++;
          const ours = matches[0]!.after[side].rcvNxt;
          if (ours !== reading.rcvNxt)
            found.push([recording.scenario, side, matches[0]!.packet, ours, reading.rcvNxt].join(' | '));
        }
      }
    figures.push(`RCV.NXT at the other end's capture: ${all - found.length} of ${all} equal to the kernel's`);
    holdsList(found, listed('What had arrived, captured at the other end'));
  });

  it('in SND.NXT, RCV.NXT, SND.UNA, SND.WND and SND.WL1', () => {
    const found = new Map<string, number[]>();
    const counts = new Map(VARIABLES.map((variable) => [variable, { equal: 0, all: 0 }]));
    for (const recording of recordings)
      for (const side of SIDES) {
        const rows = new Map(sights.get(recording)![side].map((sight) => [sight.packet, sight]));
        for (const reading of recording.variables) {
          if (reading.side !== side || reading.packet === null) continue;
          const ours = rows.get(reading.packet)?.before?.[side];
          if (ours === undefined) continue; // the first segment: nothing stands before it
          for (const variable of VARIABLES) {
            if (!isSet(reading, variable, ours)) continue;
            const count = counts.get(variable)!;
            count.all++;
            if (ours[variable] === reading[variable]) {
              count.equal++;
              continue;
            }
            const key = [recording.scenario, side, variable].join(' | ');
            found.set(key, [...(found.get(key) ?? []), reading.packet]);
          }
        }
      }
    for (const [variable, { equal, all }] of counts)
      figures.push(`${variable} ${equal} of ${all} equal to the kernel's (${((100 * equal) / all).toFixed(2)} %)`);
    holdsList(
      [...found].map(([key, packets]) => `${key} | ${numbers(packets)}`),
      listed('Variables that differ'),
    );
  });
});
