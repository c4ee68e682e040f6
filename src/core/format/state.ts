import type { Tcb } from '../model/segment';

/** A state as it is written in text: in brackets where it is assumed, not seen; "?" where it is not known. */
export const stateText = ({ state, assumed }: Pick<Tcb, 'state' | 'assumed'>): string =>
  state === null ? '?' : assumed ? `(${state})` : state;
