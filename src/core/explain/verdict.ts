import { count } from '../format/number';
import type { ConnectionRow } from '../model/connection';
import { type Message, message } from '../model/message';

/** How a connection's opening, end and troubles are told: everything of the row but the verdict itself. */
export interface VerdictFacts extends Omit<ConnectionRow, 'verdict'> {
  /** Who sent the first FIN and the first RST, `null` where none did. */
  readonly firstFin: 'client' | 'server' | null;
  readonly firstReset: 'client' | 'server' | null;
}

/** One sentence: how it opened, how it ended and what slowed it. */
export function verdictOf(f: VerdictFacts): Message {
  const trouble = troubleOf(f);
  const course = courseOf(f);
  return trouble === null ? course : message('{0}; {1}', course, trouble);
}

function courseOf(f: VerdictFacts): Message {
  const had = new Set(f.completeness);
  const opened = had.has('SYN-ACK') || had.has('ACK') || had.has('DATA');
  const name = { client: message('client'), server: message('server') };
  if (f.firstReset !== null) {
    if (!f.partial && !had.has('SYN-ACK') && f.firstReset === 'server') return message('Refused by the server');
    if (f.firstFin !== null)
      return message('Closed by the {0}, then reset by the {1}', name[f.firstFin], name[f.firstReset]);
    return message('Reset by the {0}', name[f.firstReset]);
  }
  if (!f.partial && had.has('SYN') && !opened) return message('SYN without an answer');
  if (!f.partial && had.has('SYN-ACK') && f.state.server === 'SYN-RECEIVED')
    return message('Handshake never completed');
  const { client, server } = f.state;
  const ended = (state: string): boolean => state === 'CLOSED' || state === 'TIME-WAIT';
  if (client === 'TIME-WAIT' && server === 'TIME-WAIT') return message('Closed in order, by both at the same time');
  if (f.firstFin !== null)
    return ended(client) && ended(server)
      ? message('Closed in order, {0} first', name[f.firstFin])
      : message('The {0} has closed, the other side not yet', name[f.firstFin]);
  return f.partial ? message('Open at both ends of the capture') : message('Still open at the end of the capture');
}

function troubleOf(f: VerdictFacts): Message | null {
  const { notes } = f;
  const resent =
    (notes.retransmission ?? 0) + (notes['fast-retransmission'] ?? 0) + (notes['spurious-retransmission'] ?? 0);
  const zero = notes['zero-window'] ?? 0;
  const lost = (notes['lost-segment'] ?? 0) + (notes['ack-lost-segment'] ?? 0);
  if (resent > 0) return resent === 1 ? message('1 retransmission') : message('{0} retransmissions', count(resent));
  if (zero > 0) return message('the receiver’s window closed');
  const late = notes['out-of-order'] ?? 0;
  // What comes late fills a gap that was told before.
  if (late > 0 && lost <= late) return message('segments arrived out of order');
  if (lost > 0) return message('segments are missing from the capture');
  return null;
}
