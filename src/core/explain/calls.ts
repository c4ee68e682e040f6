import { type Message, message } from '../model/message';
import type { SegmentRow, Side, SocketCall, SocketCallName } from '../model/segment';
import { otherSide, SIDE_NAMES } from '../model/side';

/** A segment of which the calls are to be told. */
export type CallSegment = Pick<
  SegmentRow,
  'from' | 'flags' | 'len' | 'notes' | 'before' | 'client' | 'server' | 'seqRaw' | 'scaledWindow'
>;

/** What the segments around it tell; each is looked for only where it matters. Packet numbers, `null` for none. */
export interface CallEvidence {
  /** Whether the system sent it, because the same had not been acknowledged or to probe. */
  readonly isRepeated: boolean;
  /** Whether the SYN has options, as every system's has. */
  readonly hasOptions: boolean;
  /** Whether the SYN asks for a Fast Open cookie or has one. */
  readonly asksForFastOpen: boolean;
  /** Bytes by which its sender's window can differ from what it means, because it is scaled. */
  readonly windowGrain: number;
  /** The reset by which the sender of a SYN answers the SYN-ACK. */
  resetOfSynAck(): number | null;
  /** Whether the receiver has sent a SYN without ACK. */
  receiverOpened(): boolean;
  /** The first segment with data or a FIN that its receiver sends after it. */
  answerWithData(): number | null;
  /** Whether it seems to be as large as can be, and so cut off by the system. */
  looksFull(): boolean;
  /** What follows a FIN: data that its sender takes, or answers with a reset. */
  afterFin(): { readonly what: 'taken' | 'reset'; readonly packet: number } | null;
  /** Whether its sender had given up, because nothing came in answer to repetitions and probes. */
  gaveUp(): boolean;
  /** What a sender has received and perhaps not read: surely something, perhaps something, or nothing that is seen. */
  unread(): 'yes' | 'perhaps' | 'no';
}

/** States from which a FIN or a reset is the program's doing: later its calls are over. */
const OPEN: ReadonlySet<string | null> = new Set(['SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT']);
const SENDING_OVER: ReadonlySet<string | null> = new Set(['FIN-WAIT-1', 'FIN-WAIT-2']);

/** The calls that a segment betrays, by the program that sent it and the one at the other end. */
export function socketCalls(e: CallSegment, around: CallEvidence): SocketCall[] {
  const has = (flag: CallSegment['flags'][number]): boolean => e.flags.includes(flag);
  if (has('RST')) return abortCalls(e, around);
  if (has('SYN')) return has('ACK') ? listenCalls(e, around) : connectCalls(e, around);
  const calls = acceptCalls(e, around);
  if (around.isRepeated || !has('ACK')) return calls;
  const { from } = e;
  if (e.len > 0 && has('PSH') && (has('FIN') || !around.looksFull()))
    calls.push(
      likely(
        from,
        'send',
        message('send() or write(): PSH says that the data of the {0} ends here.', SIDE_NAMES[from]),
      ),
    );
  if (has('FIN')) calls.push(...closeCalls(e, around));
  if (e.notes.some(({ kind }) => kind === 'window-update') && opens(e, around.windowGrain))
    calls.push(
      likely(
        from,
        'recv',
        message('recv() or read(): the program at the {0} has taken data, so that its window opens.', SIDE_NAMES[from]),
      ),
    );
  return calls;
}

const likely = (side: Side, call: SocketCallName, text: Message): SocketCall => ({
  side,
  call,
  certainty: 'likely',
  text,
});
const certain = (side: Side, call: SocketCallName, text: Message): SocketCall => ({
  side,
  call,
  certainty: 'certain',
  text,
});

/** Data in a full segment of Ethernet: a window that is smaller is as good as closed (RFC 9293 §3.8.6.2.1). */
const FULL_SEGMENT = 1460;

/** Whether a window that was closed, or nearly, opens. Any other may grow with a buffer that the system enlarges. */
const opens = ({ before, from, scaledWindow }: CallSegment, grain: number): boolean => {
  const known = before?.[from].rcvWnd ?? null;
  return known !== null && known < FULL_SEGMENT && scaledWindow !== null && scaledWindow - known > grain;
};

function connectCalls({ from, len }: CallSegment, around: CallEvidence): SocketCall[] {
  if (around.isRepeated) return [];
  const reset = around.resetOfSynAck();
  if (reset !== null)
    return [
      likely(
        from,
        'connect',
        message('connect(), or a program that writes its own segments: packet {0} resets the answer.', reset),
      ),
    ];
  if (len > 0 || around.asksForFastOpen)
    return [
      likely(
        from,
        'connect',
        message('sendto() with MSG_FASTOPEN, or connect() with Fast Open switched on (RFC 7413).'),
      ),
    ];
  if (!around.hasOptions)
    return [
      likely(
        from,
        'connect',
        message('connect(), or a program that writes its own segments: this SYN has no options.'),
      ),
    ];
  return [
    certain(from, 'connect', message('connect(): the program at the {0} opens the connection.', SIDE_NAMES[from])),
  ];
}

function listenCalls({ from, before, ...after }: CallSegment, around: CallEvidence): SocketCall[] {
  // Who has sent a SYN of its own answers the other one without listening (simultaneous open).
  if (around.isRepeated || (before !== null && before[from].iss !== null)) return [];
  if (after[from].state !== 'SYN-RECEIVED') return [];
  return [
    certain(
      from,
      'listen',
      message(
        'listen(): the {0} has a listening socket, in whose queue of half-open connections this one waits for its ACK.',
        SIDE_NAMES[from],
      ),
    ),
  ];
}

/** The ACK of a SYN-ACK moves the connection from one queue of the listening socket to the other. */
function acceptCalls(e: CallSegment, around: CallEvidence): SocketCall[] {
  const side = otherSide(e.from);
  if (e.before?.[side].state !== 'SYN-RECEIVED' || e[side].state === 'SYN-RECEIVED' || around.receiverOpened())
    return [];
  const taken = around.answerWithData();
  return taken === null
    ? [
        likely(
          side,
          'accept',
          message('accept(): the connection waits in the accept queue of the {0}.', SIDE_NAMES[side]),
        ),
      ]
    : [
        certain(
          side,
          'accept',
          message(
            'accept(): the connection goes to the accept queue of the {0}, whose program has taken it by packet {1}.',
            SIDE_NAMES[side],
            taken,
          ),
        ),
      ];
}

function closeCalls({ from, before }: CallSegment, around: CallEvidence): SocketCall[] {
  if (before === null || !OPEN.has(before[from].state)) return [];
  const after = around.afterFin();
  if (after?.what === 'taken')
    return [
      certain(
        from,
        'shutdown',
        message('shutdown(SHUT_WR): the {0} goes on receiving, as packet {1} shows.', SIDE_NAMES[from], after.packet),
      ),
    ];
  if (after?.what === 'reset')
    return [
      certain(
        from,
        'close',
        message(
          'close(): nobody reads at the {0} any more, which packet {1} tells by a reset.',
          SIDE_NAMES[from],
          after.packet,
        ),
      ),
    ];
  return [
    likely(from, 'close', message('close() or shutdown(SHUT_WR): both send a FIN, and what follows fits either.')),
  ];
}

/** A reset with ACK that answers nothing: the program closed in a way that leaves no time for a FIN. */
function abortCalls({ from, flags, before, seqRaw }: CallSegment, around: CallEvidence): SocketCall[] {
  const own = before?.[from];
  if (own === undefined || !flags.includes('ACK') || own.sndNxt !== seqRaw) return [];
  if (!OPEN.has(own.state) && !SENDING_OVER.has(own.state)) return [];
  if (around.gaveUp()) return [];
  const unread = around.unread();
  if (unread === 'yes')
    return [
      likely(
        from,
        'close',
        message('close() with data unread: a reset instead of a FIN (RFC 1122 §4.2.2.13, RFC 2525 §2.17).'),
      ),
    ];
  if (unread === 'no')
    return [likely(from, 'close', message('close() with SO_LINGER and a time of 0: a reset instead of a FIN.'))];
  return [
    likely(
      from,
      'close',
      message(
        'close() with data unread (RFC 1122 §4.2.2.13), or with SO_LINGER and a time of 0: a reset instead of a FIN, and nothing tells them apart.',
      ),
    ),
  ];
}
