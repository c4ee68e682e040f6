import type { SegmentRow, Side, SocketCall } from '../model/segment';

/** A call as it is written: `connect()`, with a question mark where it is only likely. */
export const callText = ({ call, certainty }: SocketCall): string => `${call}()${certainty === 'likely' ? '?' : ''}`;

/** The calls of one end that a segment betrays, in one word or two; empty where there are none. */
export const callsText = (row: Pick<SegmentRow, 'calls'>, side: Side): string =>
  row.calls
    .filter((call) => call.side === side)
    .map(callText)
    .join(' ');
