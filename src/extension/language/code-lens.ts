import * as vscode from 'vscode';
import { capitalised } from '../../core/format/text';
import type { TextConnection } from '../../core/model/text';
import { problemsText, segmentsText, sentence } from '../text';
import { textConnections } from './connections';
import type { RegisterFeature } from './features';
import type { Lines } from './lines';
import type { TextReading } from './reading';

/**
 * Lenses of a document at once. An editor keeps a place in its layout for each, which takes time at every keystroke: five
 * thousand made it three times as slow. Of more connections, those have one that begin near the lines on screen.
 */
const MAX_LENSES = 300;
/** Connections before and behind those on screen that have a lens, too. */
const MARGIN = 100;
/** Scrolling rests for so long before lenses are looked for elsewhere. */
const REST_MS = 100;

/** Above the first line of each connection: how long it is, what is wrong with it, and the way to its diagram. */
export const registerCodeLens: RegisterFeature = (selector, traces) => {
  const changed = new vscode.EventEmitter<void>();
  /** Lines of each document between which every connection has its lens. */
  const covered = new WeakMap<vscode.TextDocument, readonly Lines[]>();
  const registration = vscode.languages.registerCodeLensProvider(selector, {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document, token) {
      const lenses = await traces.of(document)?.ask(token, async (reading) => {
        const found = await connectionsNear(reading, linesOnScreen(document), token);
        if (!token.isCancellationRequested) covered.set(document, found.covered);
        return found.connections.flatMap((connection) => lensOf(document, reading, connection));
      });
      return lenses ?? [];
    },
  });
  return vscode.Disposable.from(
    registration,
    changed,
    traces.onDidReadAnew(() => changed.fire()),
    looking(),
  );

  /** Asks for lenses anew when lines are on screen whose connections have none. */
  function looking(): vscode.Disposable {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lacksSome = (document: vscode.TextDocument): boolean =>
      traces.of(document) !== null &&
      !linesOnScreen(document).every(({ start, end }) =>
        covered.get(document)?.some((lines) => lines.start <= start && end <= lines.end),
      );
    const look = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (vscode.window.visibleTextEditors.some(({ document }) => lacksSome(document))) changed.fire();
      }, REST_MS);
    };
    return vscode.Disposable.from(
      vscode.window.onDidChangeTextEditorVisibleRanges(look),
      // An editor that loses the focus, as to the diagram that opens, no longer asks of its own accord.
      vscode.window.onDidChangeActiveTextEditor(look),
      new vscode.Disposable(() => clearTimeout(timer)),
    );
  }
};

/** The lines of a document that each of its editors shows. */
const linesOnScreen = (document: vscode.TextDocument): readonly Lines[] =>
  vscode.window.visibleTextEditors.flatMap((editor) => {
    const [first] = editor.visibleRanges;
    const last = editor.visibleRanges.at(-1);
    return editor.document !== document || first === undefined || last === undefined
      ? []
      : [{ start: first.start.line, end: last.end.line + 1 }];
  });

interface Found {
  readonly connections: readonly TextConnection[];
  readonly covered: readonly Lines[];
}

/** All connections where they are few, else those that begin near the lines on screen, or the first where none are. */
async function connectionsNear(
  reading: TextReading,
  shown: readonly Lines[],
  token: vscode.CancellationToken,
): Promise<Found> {
  const total = reading.analysis.summary?.connections ?? 0;
  const windows =
    total <= MAX_LENSES || shown.length === 0
      ? [{ start: 0, end: Math.min(total, MAX_LENSES) }]
      : await Promise.all(shown.map((lines) => windowOf(reading, lines, Math.floor(MAX_LENSES / shown.length))));
  const connections: TextConnection[] = [];
  const covered: Lines[] = [];
  for (const { start, end } of apart(windows)) {
    const found = await textConnections(reading.analysis, start, end, token);
    connections.push(...found);
    covered.push({
      start: (start > 0 && lineOf(reading, found[0])) || 0,
      end: (end < total && lineOf(reading, found.at(-1))) || Infinity,
    });
  }
  return { connections, covered };
}

/** Connections from some before the first that begins in these lines to some behind the last, at most so many. */
async function windowOf(reading: TextReading, lines: Lines, most: number): Promise<Lines> {
  const range = reading.traceLines(lines.start, lines.end - 1, Infinity);
  const [first, end] = await Promise.all(
    [range.start, range.end].map((line) => reading.analysis.query('connectionFrom', { line })),
  );
  const start = Math.max(0, first! - MARGIN);
  return { start, end: Math.min(end! + MARGIN, start + most) };
}

/** Ranges in order, those that touch each other made one. */
function apart(ranges: readonly Lines[]): Lines[] {
  const all: Lines[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last === undefined || last.end < range.start) all.push(range);
    else all[all.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return all;
}

const lineOf = (reading: TextReading, connection: TextConnection | undefined): number | null =>
  connection === undefined ? null : reading.documentLine(connection.first);

function lensOf(
  document: vscode.TextDocument,
  reading: TextReading,
  { row, first }: TextConnection,
): readonly vscode.CodeLens[] {
  const line = reading.documentLine(first);
  if (line === null) return [];
  const parts = [vscode.l10n.t('Show TCP connection'), segmentsText(row.segments)];
  if (row.problems > 0) parts.push(problemsText(row.problems));
  const lens = new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
    command: 'tcpTrace.showConnection',
    title: parts.join(' · '),
    tooltip: capitalised(sentence(row.verdict.sentence)),
    arguments: [document.uri.toString(), row.connection, null],
  });
  return [lens];
}
