import type { Tcb } from '../model/segment';
import type { StateName } from '../model/states';

/** A state as it is written in text: in brackets where it is assumed, not seen; "?" where it is not known. */
export const stateText = ({ state, assumed }: Pick<Tcb, 'state' | 'assumed'>): string =>
  state === null ? '?' : assumed ? `(${state})` : state;

/** What textbooks, netstat(8) and the BSD sockets call a state, where that is not as the RFC spells it. */
export const OTHER_STATE_NAMES: Readonly<Partial<Record<StateName, readonly string[]>>> = {
  CLOSED: ['CLOSE'],
  'SYN-SENT': ['SYN_SENT', 'SYN_SEND'],
  'SYN-RECEIVED': ['SYN_RCVD', 'SYN_RECV'],
  'FIN-WAIT-1': ['FIN_WAIT_1', 'FIN_WAIT1'],
  'FIN-WAIT-2': ['FIN_WAIT_2', 'FIN_WAIT2'],
  'CLOSE-WAIT': ['CLOSE_WAIT'],
  'LAST-ACK': ['LAST_ACK'],
  'TIME-WAIT': ['TIME_WAIT'],
};

/** The names of {@link OTHER_STATE_NAMES} for these states, each once: `SYN-SENT = SYN_SENT, SYN_SEND`; `null` for none. */
export function otherStateNames(states: readonly (StateName | null)[]): string | null {
  const texts = [...new Set(states)].flatMap((state) => {
    const names = state === null ? undefined : OTHER_STATE_NAMES[state];
    return names === undefined ? [] : [`${state} = ${names.join(', ')}`];
  });
  return texts.length === 0 ? null : texts.join(' · ');
}
