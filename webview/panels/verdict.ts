import { capitalised } from '../../src/core/format/text';
import type { Verdict } from '../../src/core/model/connection';
import type { Context } from '../context';
import { el, setChildren } from '../dom';
import { say, t } from '../l10n';
import { packetLink } from './packetLink';

/** What happened with the connection, in one sentence whose clauses lead to the packets that they rest on. */
export class VerdictLine {
  readonly element = el('div', { class: 'verdict', role: 'group', 'aria-label': t('What happened') });
  private shown = '';

  constructor(private readonly context: Context) {}

  show({ clauses, sentence }: Verdict): void {
    const key = `${say(sentence)} ${clauses.map(({ packets }) => packets.join()).join()}`;
    // Whoever is on one of its links stays there while more of the connection is read.
    if (key === this.shown) return;
    this.shown = key;
    const between = t('{0}; {1}', '', '');
    setChildren(
      this.element,
      ...clauses.map(({ text, packets }, i) =>
        el(
          'span',
          { class: 'clause' },
          i === 0 ? capitalised(say(text)) : say(text),
          ...packets.flatMap((packet) => [' ', packetLink(this.context, packet)]),
          i < clauses.length - 1 && between,
        ),
      ),
    );
  }
}
