/** A value that a script says the TCP under test must have at that moment (`tcpi_snd_cwnd == 10`). */
export interface Assertion {
  readonly name: string;
  /** The bits of it that count (`TCPI_OPT_SYN_DATA`); `null` where all do. */
  readonly mask: string | null;
  /** `==`, `!=`, `<`, `<=`, `>`, `>=`. */
  readonly operator: string;
  /** As written: a number, or a name such as `TCP_CA_Open`. */
  readonly value: string;
}

/** What a text trace tells besides packets: what the application did, what a script ran or demanded. */
export interface TextEvent {
  readonly kind: 'syscall' | 'command' | 'code' | 'assertion';
  /** As written, on one line. */
  readonly text: string;
  /** 1-based line that it begins on, and how many lines it is. */
  readonly line: number;
  readonly lines: number;
  /** Since the trace's first event, in nanoseconds. */
  readonly timeNs: number;
  /** When the call returns, where it blocks; else `null`. */
  readonly untilNs: number | null;
  /** 1-based packet that comes next; one more than there are at the end. */
  readonly nextPacket: number;
  readonly assertion: Assertion | null;
}

/** Events that are kept of one trace. */
export const MAX_TEXT_EVENTS = 100_000;
