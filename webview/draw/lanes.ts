import { stateText } from '../../src/core/format/state';
import type { Tcb } from '../../src/core/model/segment';
import type { StateName } from '../../src/core/model/states';
import { el, setAttribute, setClass, setText } from '../dom';
import { t } from '../l10n';
import { otherNames } from './stateNames';

/** Which colour a state has; states of one group mean the same to a reader: opening, open, closing, over. */
const GROUPS: Readonly<Record<StateName, string>> = {
  CLOSED: 'closed',
  LISTEN: 'listen',
  'SYN-SENT': 'opening',
  'SYN-RECEIVED': 'opening',
  ESTABLISHED: 'established',
  'FIN-WAIT-1': 'closing',
  'FIN-WAIT-2': 'waiting',
  'CLOSE-WAIT': 'waiting',
  CLOSING: 'closing',
  'LAST-ACK': 'closing',
  'TIME-WAIT': 'time-wait',
};

export const stateGroup = (state: StateName | null): string => (state === null ? 'unknown' : GROUPS[state]);

/** States in which an end can receive data (RFC 9293 §3.10.7.4): a window of 0 in them means that it is full. */
const RECEIVING = new Set<StateName | null>(['SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2']);

/** Whether an end has closed its receive window. */
export const isShut = (tcb: Pick<Tcb, 'state' | 'rcvWnd'>): boolean => tcb.rcvWnd === 0 && RECEIVING.has(tcb.state);

/** One end's state beside one row: a piece of the bar, the state's name where it begins, and the program's calls. */
export class Lane {
  readonly bar: HTMLElement;
  readonly label: HTMLElement;
  private readonly name = el('span');
  private readonly call = el('span', { class: 'call' });

  constructor(private readonly side: 'client' | 'server') {
    this.bar = el('span', { class: `lane ${side}`, 'aria-hidden': 'true' });
    this.label = el('span', { class: `state ${side}` }, this.name, this.call);
  }

  /**
   * @param tcb the end after the row; `null` while it is not known
   * @param begins the state is another one than before the row: the bar starts anew
   * @param ends the state is another one after the next row, or there is none
   * @param named the name is printed
   * @param call what the program at this end called
   * @param shut the end's receive window is closed after the row: a bar of its own along the lane
   */
  draw(
    tcb: Pick<Tcb, 'state' | 'assumed'> | null,
    begins = false,
    ends = false,
    named = false,
    call = '',
    shut = false,
  ): void {
    const group = stateGroup(tcb?.state ?? null);
    const assumed = tcb?.assumed ? ' assumed' : '';
    setClass(
      this.bar,
      `lane ${this.side} state-${group}${assumed}${begins ? ' begins' : ''}${ends ? ' ends' : ''}${shut ? ' shut' : ''}`,
    );
    setClass(this.label, `state ${this.side} state-${group}${assumed}`);
    setAttribute(this.label, 'title', tcb === null ? null : tooltip(tcb));
    setText(this.name, named && tcb !== null ? stateText(tcb) : '');
    setText(this.call, call);
  }
}

function tooltip({ state, assumed }: Pick<Tcb, 'state' | 'assumed'>): string | null {
  if (state === null) return t('Not known: only addresses and lengths are there');
  const names = otherNames(state);
  if (!assumed) return names;
  const why = t('Assumed: this end sends nothing any more that would prove it');
  return names === null ? why : `${why}\n${names}`;
}
