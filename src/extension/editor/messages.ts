import {
  isGraph,
  isSearch,
  isSides,
  isTraceQuery,
  queryFault,
  TABS,
  type ToHost,
  VIEW_COMMANDS,
  type ViewState,
} from '../../protocol';

/** A message that was not understood; `id` where it was a request that wants an answer. */
export interface Refused {
  readonly type: 'refused';
  readonly id: number | null;
  readonly error: string;
}

/** The clipboard takes more, but nothing that the view shows is longer. */
const MAX_COPY = 1 << 24;

/** A file may be as large as the largest picture; it has to begin as a PNG does (PNG specification, §5.2). */
const MAX_PNG = 1 << 30;
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const isPng = (value: unknown): value is Uint8Array =>
  value instanceof Uint8Array && value.length <= MAX_PNG && PNG_SIGNATURE.every((byte, at) => value[at] === byte);

/** What a graph is drawn with: no element that runs, or fetches anything, and no attribute that does. */
const DRAWN = new Set(['svg', 'title', 'rect', 'g', 'path', 'clipPath', 'text', 'tspan']);
const MAX_SVG = 1 << 24;
const isDrawing = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= MAX_SVG &&
  value.startsWith('<svg ') &&
  value
    .split('<')
    .slice(1)
    .every((piece) => {
      const tag = piece.slice(0, piece.indexOf('>') + 1);
      return DRAWN.has(/^\/?([a-zA-Z]*)/.exec(tag)![1]!) && !/\s(?:on|style|href|xlink)/i.test(tag);
    });

/** Reads what came from a webview, which is not trusted: only what {@link ToHost} says gets through, field by field. */
export function readMessage(data: unknown): ToHost | Refused {
  if (!isRecord(data)) return refused('not a message');
  switch (data['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'query': {
      const { id, query, params } = data;
      if (!isCount(id)) return refused('query: no id');
      if (!isTraceQuery(query)) return refused('no such query', id);
      const fault = queryFault(query, params);
      return fault === null ? { type: 'query', id, query, params } : refused(fault, id);
    }
    case 'command': {
      const command = VIEW_COMMANDS.find((known) => known === data['command']);
      return command === undefined ? refused('no such command') : { type: 'command', command };
    }
    case 'copy': {
      const { text } = data;
      return typeof text === 'string' && text.length <= MAX_COPY ? { type: 'copy', text } : refused('copy: no text');
    }
    case 'stream': {
      const { action, connection, sides } = data;
      return (action === 'save' || action === 'open') && isCount(connection) && isSides(sides)
        ? { type: 'stream', action, connection, sides }
        : refused('stream: not valid');
    }
    case 'picture': {
      const { id, png } = data;
      return isCount(id) && (png === null || isPng(png)) ? { type: 'picture', id, png } : refused('picture: not valid');
    }
    case 'openRfc': {
      const { rfc, section } = data;
      if (!isCount(rfc) || !(section === null || typeof section === 'string') || rfcAddress(rfc, section) === null)
        return refused('openRfc: no such place');
      return { type: 'openRfc', rfc, section };
    }
    case 'saveGraph': {
      const { connection, graph, svg } = data;
      return isCount(connection) && isGraph(graph) && isDrawing(svg)
        ? { type: 'saveGraph', connection, graph, svg }
        : refused('saveGraph: not valid');
    }
    case 'filter': {
      const { text } = data;
      return isSearch(text) ? { type: 'filter', text } : refused('filter: not valid');
    }
    case 'state': {
      const state = readState(data['state']);
      return state === null ? refused('state: not valid') : { type: 'state', state };
    }
    default:
      return refused('no such message');
  }
}

/**
 * Address of an RFC's section or appendix at the RFC Editor ("3.5", "A.1"; `null` is the whole document), or `null` for
 * what cannot be one.
 */
export function rfcAddress(rfc: number, section: string | null): string | null {
  if (!Number.isInteger(rfc) || rfc < 1 || rfc > 99_999) return null;
  const page = `https://www.rfc-editor.org/rfc/rfc${rfc}`;
  if (section === null) return page;
  const place = /^(?:(\d{1,3})|([A-Z]))(?:\.\d{1,3}){0,5}$/.exec(section);
  if (place === null) return null;
  return `${page}#${place[1] === undefined ? 'appendix' : 'section'}-${section}`;
}

function readState(state: unknown): ViewState | null {
  if (!isRecord(state)) return null;
  const { connection, row } = state;
  const tab = TABS.find((known) => known === state['tab']);
  return tab !== undefined && isCountOrNull(connection) && isCountOrNull(row) ? { tab, connection, row } : null;
}

const refused = (error: string, id: number | null = null): Refused => ({ type: 'refused', id, error });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCountOrNull = (value: unknown): value is number | null => value === null || isCount(value);
