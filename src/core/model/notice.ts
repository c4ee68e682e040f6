import type { Message } from './message';

export type Severity = 'info' | 'warning' | 'error';

/** Something about the input that a person should know: damage, what was left out, what is not supported. */
export interface Notice {
  /** Stable kebab-case identifier, such as `cut-record`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: Message;
  /** 1-based packet number, where it concerns one. */
  readonly packet?: number;
  /** Byte in the file (a capture) where it begins. */
  readonly offset?: number;
  /** Bytes concerned. */
  readonly length?: number;
  /** 1-based line (a text trace). */
  readonly line?: number;
}

/** How badly a file came through: cut at its end, damaged inside, or (it may be sound) not read to its end. */
export type Damage = 'cut' | 'damaged' | 'unread';

/** What a notice says of the file's bytes; `null` where none are missing or wrong. */
export function damageOf({ severity, code }: Notice): Damage | null {
  if (code.startsWith('cut-')) return 'cut';
  if (code.startsWith('damaged-')) return 'damaged';
  return severity === 'error' ? 'unread' : null;
}
