import { endpointInFull } from '../../src/core/format/endpoint';
import { isnLetter, sequenceDistance, type SeqMode, textbookNumber } from '../../src/core/format/sequence';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { SegmentRow, Side, Tcb } from '../../src/core/model/segment';
import { stateGroup } from '../draw/lanes';
import { otherNames } from '../draw/stateNames';
import { el, setChildren } from '../dom';
import { t } from '../l10n';
import { WindowsPanel } from './windows';

type NumberName = Exclude<keyof Tcb, 'state' | 'assumed'>;

interface Variable {
  readonly name: NumberName;
  /** As RFC 9293 §3.3.1 writes it. */
  readonly symbol: string;
  /** What it counts: positions in the own or the peer's sequence space, or bytes. */
  readonly space: 'own' | 'peer' | 'bytes';
  /** The others in its space count from it. */
  readonly origin?: true;
  readonly meaning: string;
}

/** Those that move with almost every segment first. */
const VARIABLES: readonly Variable[] = [
  { name: 'sndUna', symbol: 'SND.UNA', space: 'own', meaning: 'oldest byte sent that is not acknowledged' },
  { name: 'sndNxt', symbol: 'SND.NXT', space: 'own', meaning: 'next byte to send' },
  { name: 'sndWnd', symbol: 'SND.WND', space: 'bytes', meaning: 'bytes that the other side lets us send' },
  { name: 'rcvNxt', symbol: 'RCV.NXT', space: 'peer', meaning: 'next byte expected from the other side' },
  { name: 'rcvWnd', symbol: 'RCV.WND', space: 'bytes', meaning: 'bytes that we let the other side send' },
  { name: 'iss', symbol: 'ISS', space: 'own', origin: true, meaning: 'own initial sequence number' },
  { name: 'irs', symbol: 'IRS', space: 'peer', origin: true, meaning: 'initial sequence number of the other side' },
  { name: 'sndWl1', symbol: 'SND.WL1', space: 'peer', meaning: 'sequence number of the last window update' },
  { name: 'sndWl2', symbol: 'SND.WL2', space: 'own', meaning: 'acknowledgment number of the last window update' },
  { name: 'sndUp', symbol: 'SND.UP', space: 'own', meaning: 'urgent pointer sent' },
  { name: 'rcvUp', symbol: 'RCV.UP', space: 'peer', meaning: 'urgent pointer received' },
];

const SIDES: readonly Side[] = ['client', 'server'];
const other = (side: Side): Side => (side === 'client' ? 'server' : 'client');

/** What both endpoints know after a segment, and what the segment changed. */
export class EndpointsPanel {
  readonly element: HTMLElement;
  private readonly title = el('h3', {}, t('Endpoints'));
  private readonly body = el('tbody');
  private readonly windows = new WindowsPanel();
  private readonly heads: Readonly<Record<Side, HTMLElement>> = {
    client: el('th', { scope: 'col' }),
    server: el('th', { scope: 'col' }),
  };

  constructor() {
    this.element = el(
      'section',
      { class: 'endpoints-panel', 'aria-label': t('Endpoints') },
      this.title,
      this.windows.element,
      el('table', {}, el('thead', {}, el('tr', {}, el('td'), this.heads.client, this.heads.server)), this.body),
    );
  }

  show(row: SegmentRow | null, info: ConnectionRow | null, mode: SeqMode): void {
    this.element.hidden = row === null;
    if (row === null || info === null) return;
    setChildren(
      this.title,
      el('span', {}, t('Endpoints after packet {0}', row.packet)),
      el('span', { class: 'dim' }, t(SPACES[mode])),
    );
    for (const side of SIDES)
      setChildren(
        this.heads[side],
        el('span', { class: 'dim' }, side === 'client' ? t('client') : t('server')),
        ' ',
        endpointInFull(info[side]),
      );
    const bases = sequenceBases(row);
    const lines = [this.stateLine(row)];
    for (const variable of VARIABLES) {
      const cells = SIDES.map((side) => this.cell(row, side, variable, mode, bases));
      lines.push(el('tr', {}, el('th', { scope: 'row', title: t(variable.meaning) }, variable.symbol), ...cells));
    }
    setChildren(this.body, ...lines);
    this.windows.show(row);
  }

  private stateLine(row: SegmentRow): HTMLElement {
    return el(
      'tr',
      { class: 'state-line' },
      el('th', { scope: 'row' }, t('state')),
      ...SIDES.map((side) => {
        const now = row[side].state;
        const before = row.before?.[side].state ?? now;
        const { assumed } = row[side];
        return changedCell(
          before === now ? null : el('span', { class: `state-${stateGroup(before)}` }, before ?? UNKNOWN),
          el('span', { class: `state-${stateGroup(now)}` }, assumed ? `${now} (${t('assumed')})` : (now ?? UNKNOWN)),
          assumed
            ? t('It follows from a segment that is assumed to have arrived; nothing it sent proves it yet.')
            : otherNames(now),
        );
      }),
    );
  }

  private cell(row: SegmentRow, side: Side, variable: Variable, mode: SeqMode, bases: SequenceBases): HTMLElement {
    const now = row[side][variable.name];
    const before = row.before?.[side][variable.name];
    const space = variable.space === 'own' ? side : other(side);
    const base = variable.space === 'bytes' ? null : bases[space];
    const print = (value: number | null): string => {
      if (value === null) return UNKNOWN;
      if (mode === 'raw' || base === null) return String(value);
      const distance = sequenceDistance(value, base);
      return mode === 'xy' && row[space].iss === base ? textbookNumber(isnLetter(space), distance) : String(distance);
    };
    const title =
      now !== null && base !== null
        ? mode === 'raw'
          ? t('relative {0}', sequenceDistance(now, base))
          : t('raw {0}', now)
        : null;
    // What the others count from is shown as both: it joins the relative numbers to the raw ones of the header.
    const both = mode !== 'raw' && now !== null && base !== null && variable.origin === true;
    const shown = both
      ? el(
          'span',
          {},
          print(now),
          el('span', { class: 'raw' }, ' ·'),
          ' ',
          el('span', { class: 'raw' }, t('raw {0}', now)),
        )
      : print(now);
    // Before the first segment nothing is known: that is no change.
    const changed = before !== undefined && before !== now;
    return changedCell(changed ? print(before) : null, shown, title);
  }
}

const SPACES: Readonly<Record<SeqMode, string>> = {
  relative: 'sequence numbers relative to ISS and IRS',
  raw: 'raw sequence numbers',
  xy: 'X is the client’s initial sequence number, Y the server’s',
};

const UNKNOWN = '–';

/** A cell that shows where its value came from, if the segment changed it. */
function changedCell(before: Node | string | null, now: Node | string, title: string | null): HTMLElement {
  const cell = el('td', { class: before === null ? '' : 'changed', title });
  if (before !== null && before !== UNKNOWN)
    cell.append(
      el('span', { class: 'before' }, before),
      el('span', { class: 'to', 'aria-label': t('changed to') }, ' → '),
    );
  cell.append(el('span', { class: 'now' }, now));
  return cell;
}

type SequenceBases = Readonly<Record<Side, number | null>>;

/** Where each side's relative numbers count from: its ISS, or what the segment's own relative numbers count from. */
function sequenceBases(row: SegmentRow): SequenceBases {
  const seen: Record<Side, number | null> = { client: row.client.iss, server: row.server.iss };
  seen[row.from] ??= sequenceDistance(row.seqRaw, row.seq);
  if (row.flags.includes('ACK')) seen[other(row.from)] ??= sequenceDistance(row.ackRaw, row.ack);
  return seen;
}
