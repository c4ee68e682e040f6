import type { Tcb } from '../model/segment';

/** A state as it is written in text: in brackets where it is assumed, not seen. */
export const stateText = ({ state, assumed }: Pick<Tcb, 'state' | 'assumed'>): string =>
  assumed ? `(${state})` : state;
