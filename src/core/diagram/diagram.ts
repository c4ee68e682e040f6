import { type Message, message } from '../model/message';
import type { SegmentRow } from '../model/segment';

/** What a diagram is drawn from. */
export interface DiagramSource {
  readonly client: string;
  readonly server: string;
  rows(): Iterable<SegmentRow>;
  /** A message in the reader's language, made inert. */
  text(message: Message): string;
}

/** A way to write a sequence diagram down. One file and one line in the registry each. */
export interface DiagramWriter {
  /** The diagram, line by line. */
  lines(source: DiagramSource): Iterable<string>;
}

/** The first thing that is said of a row. */
export const happening = (source: DiagramSource, row: SegmentRow): string =>
  row.explanation.length === 0 ? '' : source.text(row.explanation[0]!);

/** Collects what a diagram has used that needs a word of explanation below it. */
export class Legend {
  private assumed = false;

  see({ client, server }: SegmentRow): void {
    this.assumed ||= client.assumed || server.assumed;
  }

  lines(source: DiagramSource): string[] {
    return this.assumed
      ? [source.text(message('(STATE) is assumed: that end sends nothing any more that would prove it.'))]
      : [];
  }
}
