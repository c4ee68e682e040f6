import * as vscode from 'vscode';
import type { DiagramFormat } from '../../core/diagram/registry';
import { count } from '../../core/format/number';
import type { ConnectionMeant } from '../commands/connection-meant';
import type { ActiveTrace, ShownTrace } from '../active-trace';
import { fileName } from '../text';
import { EXPORT_FORMATS, type ExportFormat } from './formats';
import {
  hasPackets,
  makeDiagram,
  makePackets,
  makeTable,
  MAX_DIAGRAM_ROWS,
  newKey,
  type Part,
  type Progress,
  readWhole,
  rowsOf,
  type Secrecy,
} from './make';
import { choosePart, partOfPackets } from './part';
import { besideTrace, tellOf } from './target';

/** What a caller of the command may say beforehand; what is missing is asked. */
export interface ExportRequest {
  readonly format?: string;
  readonly connection?: number;
  readonly anonymise?: boolean;
  readonly payload?: boolean;
  /** Of a diagram, the numbers of the first and the last packet. */
  readonly packets?: readonly [first: number, last: number];
  readonly target?: vscode.Uri;
}

/** What is exported, where to, and what of it. */
interface Order {
  readonly shown: ShownTrace;
  readonly connection: number | null;
  readonly format: ExportFormat;
  readonly secrecy: Secrecy;
  /** Of a diagram, the rows that it shows. */
  readonly part: Part;
}

/** Asks what to export of a trace, how and where to, and writes it. */
export async function exportTrace(
  active: ActiveTrace,
  meant: ConnectionMeant | null,
  request: ExportRequest = {},
): Promise<void> {
  const shown = active.now;
  if (shown === null) return;
  const connection = request.connection ?? meant?.connection ?? null;
  const format = EXPORT_FORMATS.find(({ id }) => id === request.format) ?? (await chooseFormat(shown, connection));
  if (format === undefined) return;
  const choice = await chooseSecrecy(format, request);
  if (choice === undefined) return;
  const { secrecy } = choice;
  const part = await partOf(shown, connection, format, choice, request);
  if (part === undefined) return;
  const target = request.target ?? (await chooseTarget(shown, connection, format));
  if (target === undefined) return;
  let content: Uint8Array | null;
  try {
    content = await make({ shown, connection, format, secrecy, part });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('Nothing was exported: {0}', reason));
    return;
  }
  if (content === null) return;
  await vscode.workspace.fs.writeFile(target, content);
  if (request.target === undefined) await tellOf(target);
}

async function chooseFormat(shown: ShownTrace, connection: number | null): Promise<ExportFormat | undefined> {
  interface FormatItem extends vscode.QuickPickItem {
    readonly format?: ExportFormat;
  }
  const isOffered = await offered(shown, connection);
  const part = await partDrawn(shown, connection);
  const groups: readonly [title: string, what: readonly string[]][] = [
    [vscode.l10n.t('Diagram of connection #{0}', connection ?? 0), ['diagram']],
    [vscode.l10n.t('Connection #{0}', connection ?? 0), ['packets', 'segments']],
    [vscode.l10n.t('All connections'), ['connections']],
  ];
  const items = groups.flatMap(([label, what]): FormatItem[] => {
    const formats = EXPORT_FORMATS.filter((format) => what.includes(format.exported.what) && isOffered(format));
    if (formats.length === 0) return [];
    return [
      { label, kind: vscode.QuickPickItemKind.Separator },
      ...formats.map((format) => ({
        label: format.name(),
        description: `.${format.extension}${format.exported.what === 'diagram' ? part : ''}`,
        format,
      })),
    ];
  });
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Export'),
    placeHolder: fileName(shown.document.uri),
  });
  return chosen?.format;
}

/** That a diagram of a long connection shows a part of it, to be said before it is chosen; else empty. */
async function partDrawn({ document }: ShownTrace, connection: number | null): Promise<string> {
  const segments = connection === null ? 0 : await rowsOf(document, connection).catch(() => 0);
  if (segments <= MAX_DIAGRAM_ROWS) return '';
  return ` · ${vscode.l10n.t('up to {0} of {1} segments', count(MAX_DIAGRAM_ROWS), count(segments))}`;
}

/** What there is to export of a trace. */
async function offered(shown: ShownTrace, connection: number | null): Promise<(format: ExportFormat) => boolean> {
  const isBytes = connection !== null && (await hasPackets(shown.document, connection).catch(() => false));
  return ({ exported: { what } }) => what === 'connections' || (connection !== null && (what !== 'packets' || isBytes));
}

interface Choice {
  readonly secrecy: Secrecy;
  /** Whether only a part is wanted. */
  readonly isPart: boolean;
}

/** What is kept from the reader, and whether a diagram shows a part only; `undefined` where the user gives up. */
async function chooseSecrecy(format: ExportFormat, request: ExportRequest): Promise<Choice | undefined> {
  if (request.anonymise !== undefined || request.payload !== undefined || request.target !== undefined)
    return {
      secrecy: { key: request.anonymise === true ? newKey() : null, payload: request.payload ?? true },
      isPart: false,
    };
  const { what } = format.exported;
  const addresses: vscode.QuickPickItem = {
    label: vscode.l10n.t('Anonymise addresses'),
    detail: vscode.l10n.t('Others stand in for them; names and comments are left out'),
  };
  const payload: vscode.QuickPickItem = {
    label: vscode.l10n.t('Leave out the payload'),
    detail:
      what === 'packets'
        ? vscode.l10n.t('Packets are cut behind their TCP header')
        : vscode.l10n.t('What programs sent is not quoted'),
  };
  const part: vscode.QuickPickItem = {
    label: vscode.l10n.t('Only a part'),
    detail: vscode.l10n.t('From one packet to another'),
  };
  const isQuoting = what === 'packets' || what === 'diagram';
  const items = [addresses, ...(isQuoting ? [payload] : []), ...(what === 'diagram' ? [part] : [])];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Export {0}', format.name()),
    placeHolder: vscode.l10n.t('What to leave out: nothing, unless you tick something'),
    canPickMany: true,
  });
  if (chosen === undefined) return undefined;
  return {
    secrecy: { key: chosen.includes(addresses) ? newKey() : null, payload: !chosen.includes(payload) },
    isPart: chosen.includes(part),
  };
}

/** The rows of a connection that are drawn: as was asked for, else all, else as many as can be; `undefined` as above. */
async function partOf(
  { document, view }: ShownTrace,
  connection: number | null,
  { exported: { what } }: ExportFormat,
  { isPart }: Choice,
  { packets, target }: ExportRequest,
): Promise<Part | undefined> {
  if (what !== 'diagram' || connection === null) return { start: 0, end: 0 };
  const segments = await rowsOf(document, connection);
  const asked = packets === undefined ? null : await partOfPackets(document, connection, ...packets);
  if (asked === null && target === undefined && (isPart || segments > MAX_DIAGRAM_ROWS)) {
    const isShown = view?.state.connection === connection;
    return choosePart(document, connection, segments, isShown ? view.state.row : null);
  }
  const { start, end } = asked ?? { start: 0, end: segments };
  return { start, end: Math.min(end, start + MAX_DIAGRAM_ROWS) };
}

async function chooseTarget(
  { document: { uri } }: ShownTrace,
  connection: number | null,
  { exported, extension, name }: ExportFormat,
): Promise<vscode.Uri | undefined> {
  const subject = exported.what === 'connections' ? 'connections' : String(connection);
  return vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export {0}', name()),
    defaultUri: besideTrace(uri, `${subject}.${extension}`),
    filters: { [name()]: [extension] },
  });
}

/** The file's content; `null` where there is none, which the user has been told. */
const make = (order: Order): Thenable<Uint8Array | null> =>
  vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Exporting {0}', order.format.name()),
      cancellable: true,
    },
    async (report, token) => {
      if (!(await readWhole(order.shown.document, token))) return null;
      let done = 0;
      return contentOf(order, (share) => {
        report.report({ increment: 100 * (share - done) });
        done = share;
        return !token.isCancellationRequested;
      });
    },
  );

async function contentOf(order: Order, progress: Progress): Promise<Uint8Array | null> {
  const { shown, connection, secrecy, format } = order;
  const { document } = shown;
  const { exported } = format;
  if (exported.what === 'connections')
    return bytesOf(await makeTable(document, null, exported.format, secrecy, progress));
  if (connection === null) return null;
  switch (exported.what) {
    case 'segments':
      return bytesOf(await makeTable(document, connection, exported.format, secrecy, progress));
    case 'packets':
      return makePackets(document, connection, secrecy, progress);
    case 'diagram':
      return diagramOf(order, connection, exported.format, progress);
  }
}

async function diagramOf(
  { shown, part, secrecy }: Order,
  connection: number,
  format: DiagramFormat | 'png',
  progress: Progress,
): Promise<Uint8Array | null> {
  const drawn = format === 'png' ? 'svg' : format;
  const diagram = await makeDiagram(shown.document, connection, part, drawn, secrecy, progress);
  if (diagram === null) return null;
  const content = format === 'png' ? await shown.open().rasterise(diagram) : bytesOf(diagram);
  if (content === null)
    void vscode.window.showErrorMessage(
      vscode.l10n.t('The diagram is too long for a picture of pixels. Export a part of it, or SVG instead.'),
    );
  return content;
}

const bytesOf = (text: string | null): Uint8Array | null => (text === null ? null : new TextEncoder().encode(text));
