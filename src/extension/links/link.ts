/** A place in a trace: a packet by its number (from 1), or a connection by its (from 0). */
export type LinkedPlace = { readonly packet: number } | { readonly connection: number };

/** A link to a place in a trace, as it stands in a text. */
export interface PlaceLink {
  /** Where it stands: characters `[start, end)`. */
  readonly start: number;
  readonly end: number;
  /** As it was written, with or without percent signs. */
  readonly path: string;
  readonly place: LinkedPlace;
}

const PLACE = /#(packet|connection)=(\d{1,15})(?!\d)/g;
/** Of a path without quotation marks: blanks, another #, and what stands around links in Markdown, comments and messages. */
const ENDS_PATH = /[#\s"'`<>()[\]{}|,;*]/;
const QUOTES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '>': '<' };
const MAX_PATH = 1000;
/** A name with an ending: what stands before must be the name of a file. */
const FILE = /[^/\\]\.[A-Za-z][\w]{0,15}$/;

/** The links in a text, at most `limit`: `trace.pcap#packet=42`, `"my trace.pcap"#…` not, `"my trace.pcap#connection=3"`. */
export function placeLinks(text: string, limit: number): PlaceLink[] {
  const links: PlaceLink[] = [];
  for (const match of text.matchAll(PLACE)) {
    if (links.length >= limit) break;
    const end = match.index + match[0].length;
    const start = pathStart(text, match.index, text[end]);
    const path = text.slice(start, match.index);
    if (FILE.test(path)) links.push({ start, end, path, place: placeOf(match[1]!, Number(match[2])) });
  }
  return links;
}

/** The place that the fragment of an address names; `null` where it names none. */
export function placeOfFragment(fragment: string): LinkedPlace | null {
  const [, kind, number] = /^(packet|connection)=(\d{1,15})$/.exec(fragment) ?? [];
  return kind === undefined ? null : placeOf(kind, Number(number));
}

/** The link to a place, which placeLinks finds again: what would end it stands behind a percent sign. */
export function linkTo(path: string, place: LinkedPlace): string {
  const safe = path.replace(/[%#\s"'`<>()[\]{}|,;*]/g, (character) =>
    encodeURIComponent(character).replace(/[!'()*]/g, percent),
  );
  return 'packet' in place ? `${safe}#packet=${place.packet}` : `${safe}#connection=${place.connection}`;
}

const percent = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const placeOf = (kind: string, number: number): LinkedPlace =>
  kind === 'packet' ? { packet: number } : { connection: number };

/** Where the path before a `#` begins: behind the quotation mark that one behind the link closes, else behind a blank. */
function pathStart(text: string, hash: number, behind: string | undefined): number {
  const least = Math.max(0, hash - MAX_PATH);
  const opening = QUOTES[behind ?? ''];
  if (opening !== undefined) {
    const line = text.slice(least, hash);
    const at = line.lastIndexOf(opening);
    if (at >= 0 && at > line.lastIndexOf('\n')) return least + at + 1;
  }
  let start = hash;
  while (start > least && !ENDS_PATH.test(text[start - 1]!)) start--;
  return start;
}
