import { NO_ACK_BASE, NO_SEQ_BASE } from '../model/facts';
import { NOTE_BITS, noteBit, type NoteCondition, type NoteReason } from '../model/segment';
import { HANDSHAKE_WORDS, MEMORY_WORDS } from '../tcp/memory';
import { Judge } from '../tcp/judge';
import type { Rule } from '../tcp/rule';
import { BOGUS_HEADER, FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import { Replay } from '../tcp/replay';

const WORDS = 2 * MEMORY_WORDS + HANDSHAKE_WORDS;

/**
 * Judges segments again and tells why each note was given: every condition with the numbers that it compared. The
 * segments of a connection must come in order, from its first; connections may interleave.
 */
export class ReasonReplay {
  private readonly judge: Judge;
  private readonly replay: Replay;
  private readonly words = new Map<number, Int32Array>();
  private reasons: NoteReason[] = [];

  constructor(
    private readonly tracker: Tracker,
    private readonly rules: readonly Rule[],
  ) {
    this.judge = new Judge(rules, (from, to) => tracker.gapNs(from, to));
    this.replay = new Replay(tracker);
  }

  /** Judges the next segment of its connection. Returns the reasons of its notes where they are asked for. */
  next(segment: number, wanted: boolean): NoteReason[] {
    const { judge, tracker } = this;
    const { segments: table } = tracker;
    const flow = table.flow[segment]!;
    this.focus(flow >> 1, flow & 1);
    const known = table.notes[segment]! & NOTE_BITS;
    this.reasons = [];
    judge.witness =
      wanted && known !== 0
        ? (rule, matched, s, own, peer) => {
            if (matched) this.reasons.push(reasonOf(rule, (condition) => condition.values(s, own, peer)));
          }
        : null;
    const absent = table.absentOf(segment);
    if (absent & (NO_SEQ_BASE | NO_ACK_BASE) && table.payloadBytes.of(segment) >= 0)
      judge.stateBases(
        table.bits[segment]! & FLAG_BITS,
        absent & NO_SEQ_BASE ? tracker.baseSeqAt(flow >> 1, flow & 1, segment) : null,
        absent & NO_ACK_BASE ? tracker.baseSeqAt(flow >> 1, 1 - (flow & 1), segment) : null,
      );
    judge.judge(segment, this.replay.observedOf(segment), (table.bits[segment]! & BOGUS_HEADER) !== 0, 0);
    if (wanted) this.addFoundByTracker(known);
    return this.reasons;
  }

  /** A note that the tracker gave when it looked the connection up has nothing to compare here. */
  private addFoundByTracker(notes: number): void {
    for (const rule of this.rules)
      if (notes & noteBit(rule.kind) && !this.reasons.some(({ kind }) => kind === rule.kind))
        this.reasons.push(reasonOf(rule, () => ({})));
  }

  private focus(connection: number, direction: number): void {
    const { own, peer, handshake } = this.judge;
    let words = this.words.get(connection);
    const isNew = words === undefined;
    if (words === undefined) this.words.set(connection, (words = new Int32Array(WORDS)));
    own.words = peer.words = handshake.words = words;
    own.at = direction * MEMORY_WORDS;
    peer.at = (1 - direction) * MEMORY_WORDS;
    handshake.at = 2 * MEMORY_WORDS;
    if (!isNew) return;
    own.reset();
    peer.reset();
    handshake.reset();
  }
}

const reasonOf = (
  rule: Rule,
  values: (condition: Rule['conditions'][number]) => Record<string, number | null>,
): NoteReason => ({
  kind: rule.kind,
  cites: rule.cites,
  conditions: rule.conditions.map((condition): NoteCondition => ({
    text: condition.text,
    values: values(condition),
    holds: true,
  })),
});
