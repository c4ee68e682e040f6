import { callText } from '../format/calls';
import { count } from '../format/number';
import { delta } from '../format/time';
import type { Phase, PhaseKind } from '../model/connection';
import { type Message, message } from '../model/message';
import type { SegmentRow, Side } from '../model/segment';

/** What a diagram is drawn from. */
export interface DiagramSource {
  readonly client: string;
  readonly server: string;
  /** As far as they are drawn. */
  readonly phases: readonly Phase[];
  rows(): Iterable<SegmentRow>;
  /** Segments before these rows, and behind them, that are not drawn. */
  readonly start: number;
  readonly left: number;
  /** A message in the reader's language, made inert. */
  text(message: Message): string;
}

/** A way to write a sequence diagram down. One file and one line in the registry each. */
export interface DiagramWriter {
  /** The diagram, line by line. */
  lines(source: DiagramSource): Iterable<string>;
}

/** The time of a row since the one before it, empty in a text without times. */
export function timeBetween(last: SegmentRow | null, row: SegmentRow): string {
  if (row.timeNs === null) return '';
  return last?.timeNs == null ? '0' : delta(row.timeNs - last.timeNs);
}

/** The first thing that is said of a row. */
export const happening = (source: DiagramSource, row: SegmentRow): string =>
  row.explanation.length === 0 ? '' : source.text(row.explanation[0]!);

/** The call that a segment betrays of the program at one end: of several the one that tells most. */
export function callAt(row: SegmentRow, side: Side): string {
  const call = row.calls.findLast((one) => one.side === side);
  return call === undefined ? '' : callText(call);
}

const PHASE_NAMES: Readonly<Record<PhaseKind, Message>> = {
  handshake: message('Handshake'),
  data: message('Data'),
  close: message('Close'),
};

/** A phase's name, and what is missing or unusual in it. */
export function phaseText(source: DiagramSource, { kind, remarks }: Phase): string {
  const name = source.text(PHASE_NAMES[kind]);
  return remarks.length === 0
    ? name
    : source.text(message('{0}: {1}', name, remarks.map(({ text }) => source.text(text)).join('; ')));
}

/** Collects what needs a word below a diagram: what it has used, and where it ends before the connection does. */
export class Legend {
  private seen = 0;
  private assumed = false;
  private likely = false;

  see({ client, server, calls }: SegmentRow): void {
    this.seen++;
    this.assumed ||= client.assumed || server.assumed;
    this.likely ||= calls.some(({ certainty }) => certainty === 'likely');
  }

  lines(source: DiagramSource): string[] {
    return [
      ...this.partDrawn(source),
      ...(this.assumed
        ? [source.text(message('(STATE) is assumed: that end sends nothing any more that would prove it.'))]
        : []),
      ...(this.likely ? [source.text(message('call()? is likely: something else may have done the same.'))] : []),
    ];
  }

  private partDrawn(source: DiagramSource): string[] {
    const { start, left } = source;
    if (start === 0 && left === 0) return [];
    const [shown, more, all] = [count(this.seen), count(left), count(start + this.seen + left)];
    return [
      source.text(
        start === 0
          ? message('The diagram shows the first {0} segments; {1} more are left out.', shown, more)
          : message('The diagram shows segments {0} to {1} of {2}.', count(start + 1), count(start + this.seen), all),
      ),
    ];
  }
}
