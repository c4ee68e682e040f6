import type { SegmentRow } from '../../src/core/model/segment';
import type { SegmentLink, SegmentLinkKind } from '../../src/core/model/text';
import type { Context } from '../context';
import { el, setChildren } from '../dom';
import { t } from '../l10n';

/** Links of one kind that are shown; the rest is counted. */
const SHOWN = 6;

const TITLES: Readonly<Record<SegmentLinkKind | 'acknowledged', string>> = {
  acknowledged: 'Acknowledges',
  acknowledgment: 'Acknowledged by',
  'same-bytes': 'The same bytes in',
  'duplicate-ack': 'Duplicate ACKs',
};

/** The segments that the chosen one refers to, and those that refer to it. */
export class LinksPanel {
  readonly element = el('dl', { class: 'links' });
  private asked = 0;

  constructor(private readonly context: Context) {}

  clear(): void {
    this.asked++;
    setChildren(this.element);
  }

  async show({ connection, row }: SegmentRow): Promise<void> {
    const asked = ++this.asked;
    const { client } = this.context;
    const [carriers, references] = await Promise.all([
      client.query('carriers', { connection, row }),
      client.query('references', { connection, row }),
    ]).catch(() => [[], []] as const);
    if (asked !== this.asked) return;
    const of = (kind: SegmentLinkKind): readonly SegmentLink[] => references.filter((link) => link.kind === kind);
    setChildren(
      this.element,
      ...this.list('acknowledged', connection, carriers),
      ...this.list('acknowledgment', connection, of('acknowledgment')),
      ...this.list('same-bytes', connection, of('same-bytes')),
      ...this.list('duplicate-ack', connection, of('duplicate-ack')),
    );
  }

  private list(kind: keyof typeof TITLES, connection: number, links: readonly SegmentLink[]): HTMLElement[] {
    if (links.length === 0) return [];
    const shown = links.slice(0, SHOWN);
    const items = shown.flatMap(({ row, packet }, i) => {
      const link = el('button', { class: 'link', role: 'link' }, t('packet {0}', packet));
      link.addEventListener('click', () => this.context.open(connection, row));
      return i === 0 ? [link] : [' ', link];
    });
    const more = links.length - shown.length;
    return [
      el('dt', {}, t(TITLES[kind])),
      el('dd', {}, ...items, more > 0 ? el('span', { class: 'dim' }, ` ${t('and {0} more', more)}`) : null),
    ];
  }
}
