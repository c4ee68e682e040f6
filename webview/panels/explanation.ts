import { conditionValues } from '../../src/core/format/reason';
import type { NoteCondition, NoteReason, SegmentRow } from '../../src/core/model/segment';
import type { ToHost } from '../../src/protocol';
import { el } from '../dom';
import { say, t } from '../l10n';

type Post = (message: ToHost) => void;

/** "RFC 9293 §3.5", "RFC 5681 section 3.2"; the section may be missing. */
const RFC = /RFC[\s\u00a0]?(\d{3,5})(?:[,\s\u00a0]*(?:§|[Ss]ection)[\s\u00a0]?(\d+(?:\.\d+)*))?/g;
/** Another section of the same RFC: ", §4.2". */
const ANOTHER = /^([,，]\s?)(§(\d+(?:\.\d+)*))/;
/** Marks that no line may begin with, or end with. */
const CLOSING = /^[)\]）」”’,.;:，。；：、]+/;
const OPENING = /[([（「“‘]$/;

/** Text whose RFC references open the section they name; the marks around one stay on its line. */
export function linked(text: string, post: Post): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const match of text.matchAll(RFC)) {
    const [reference, rfc, section] = match;
    const before = text.slice(from, match.index);
    const opening = OPENING.exec(before)?.[0] ?? '';
    const links: (Node | string)[] = [rfcLink(reference, Number(rfc), section ?? null, post)];
    from = match.index + reference.length;
    for (let more = ANOTHER.exec(text.slice(from)); more !== null; more = ANOTHER.exec(text.slice(from))) {
      const [all, comma, another, number] = more;
      links.push(comma!, rfcLink(another!, Number(rfc), number!, post));
      from += all.length;
    }
    const closing = CLOSING.exec(text.slice(from))?.[0] ?? '';
    from += closing.length;
    parts.push(
      before.slice(0, before.length - opening.length),
      el('span', { class: 'glued' }, opening, ...links, closing),
    );
  }
  parts.push(text.slice(from));
  return parts;
}

function rfcLink(text: string, rfc: number, section: string | null, post: Post): HTMLElement {
  const link = el('button', { class: 'link', role: 'link', title: t('Open in the browser') }, text);
  link.addEventListener('click', () => post({ type: 'openRfc', rfc, section }));
  return link;
}

/** Why a segment has its notes: the rule of each, and its conditions with the numbers of this trace. */
export function reasonsList(reasons: readonly NoteReason[], post: Post): HTMLElement[] {
  return reasons.map((reason) =>
    el(
      'details',
      { class: 'reason' },
      el('summary', {}, t('Why “{0}”?', t(reason.kind))),
      el(
        'ul',
        {},
        ...reason.conditions.map((condition) =>
          el(
            'li',
            { class: condition.holds ? 'holds' : 'fails' },
            el(
              'span',
              { class: 'sign', 'aria-label': condition.holds ? t('holds') : t('does not hold') },
              condition.holds ? '✓' : '✗',
            ),
            el('span', {}, t(condition.text), el('span', { class: 'dim values' }, valuesText(condition.values))),
          ),
        ),
        el(
          'li',
          {},
          el('span', { class: 'sign', 'aria-hidden': 'true' }, '§'),
          el('span', {}, ...linked(reason.cites, post)),
        ),
      ),
    ),
  );
}

const valuesText = (values: NoteCondition['values']): string =>
  conditionValues(values)
    .map((value) => ` ${value}`)
    .join(' ·');

/** What happens at a segment and why: every sentence about it, the notes' own among them. */
export function explanation(row: SegmentRow, post: Post): HTMLElement[] {
  const [first, ...others] = row.explanation.map(say);
  const problems = new Set(row.notes.filter((note) => note.level === 'problem').map((note) => say(note.text)));
  const said = new Set(row.explanation.map(say));
  const paragraphs: HTMLElement[] = [];
  if (first !== undefined)
    paragraphs.push(el('p', { class: problems.has(first) ? 'problem' : 'lead' }, ...linked(first, post)));
  for (const text of others)
    paragraphs.push(el('p', { class: problems.has(text) ? 'problem' : '' }, ...linked(text, post)));
  for (const note of row.notes) {
    const text = say(note.text);
    if (!said.has(text)) paragraphs.push(el('p', { class: note.level }, ...linked(text, post)));
  }
  return paragraphs;
}
