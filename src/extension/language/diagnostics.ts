import * as vscode from 'vscode';
import { count } from '../../core/format/number';
import type { Notice, Severity } from '../../core/model/notice';
import type { TextFinding } from '../../core/model/text';
import { settings } from '../settings';
import { sentence, translate } from '../text';
import type { TextReading } from './reading';
import type { TextTrace, TextTraces } from './traces';

/** What VS Code shows of one file at most, less the one that says that there are more. */
const MAX_DIAGNOSTICS = 999;
const SOURCE = 'TCP Trace';

/** Lists what is wrong in the text traces that are on screen: their findings, and lines that could not be read. */
export function showDiagnostics(traces: TextTraces): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('tcp-trace');
  /** Traces that are listened to, and which listing of each is the last. */
  const shown = new Map<TextTrace, { listing: number; readonly subscription: vscode.Disposable }>();

  const list = async (trace: TextTrace): Promise<void> => {
    const entry = shown.get(trace);
    if (entry === undefined) return;
    const listing = ++entry.listing;
    const isOld = (): boolean => shown.get(trace) !== entry || entry.listing !== listing;
    const chosen = settings.diagnosed();
    const reading = chosen === 'off' ? null : await trace.settled();
    if (isOld()) return;
    const found =
      reading === null ? [] : await diagnosticsOf(trace.uri, reading, chosen === 'all', isOld).catch(() => null);
    // A text that was changed meanwhile is listed again.
    if (!isOld() && found !== null) collection.set(trace.uri, found);
  };
  const update = (): void => {
    for (const { document } of vscode.window.visibleTextEditors) traces.of(document);
    const all = new Set(traces.all);
    for (const [trace, { subscription }] of shown)
      if (!all.has(trace)) {
        subscription.dispose();
        shown.delete(trace);
        collection.delete(trace.uri);
      }
    for (const trace of all)
      if (!shown.has(trace)) {
        const subscription = trace.analysis.onDidChange(() => {
          if (!trace.analysis.busy) void list(trace);
        });
        shown.set(trace, { listing: 0, subscription });
        void list(trace);
      }
  };
  update();
  return vscode.Disposable.from(
    collection,
    traces.onDidChange(update),
    vscode.window.onDidChangeVisibleTextEditors(update),
    settings.onDidChangeText(() => shown.forEach((_, trace) => void list(trace))),
  );
}

async function diagnosticsOf(
  uri: vscode.Uri,
  reading: TextReading,
  infos: boolean,
  isOld: () => boolean,
): Promise<vscode.Diagnostic[]> {
  const { analysis } = reading;
  const notices = (analysis.summary?.notices ?? []).filter(({ line }) => line !== undefined);
  const all = notices.flatMap((notice) => noticeDiagnostic(reading, notice));
  let next: number | null = 0;
  while (next !== null && all.length < MAX_DIAGNOSTICS && !isOld()) {
    const answer: { found: TextFinding[]; next: number | null } = await analysis.query('textFindings', {
      start: next,
      limit: MAX_DIAGNOSTICS - all.length,
      infos,
    });
    all.push(...answer.found.flatMap((finding) => findingDiagnostic(uri, reading, finding)));
    next = answer.next;
  }
  const last = all.at(-1);
  return next === null || last === undefined ? all : [...all, restDiagnostic(last)];
}

/** Says that the list ends before the trace does. */
function restDiagnostic({ range }: vscode.Diagnostic): vscode.Diagnostic {
  const text = vscode.l10n.t(
    'Only {0} problems are listed; there may be more below this line.',
    count(MAX_DIAGNOSTICS),
  );
  const diagnostic = new vscode.Diagnostic(range, text, vscode.DiagnosticSeverity.Information);
  diagnostic.source = SOURCE;
  return diagnostic;
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function noticeDiagnostic(
  reading: TextReading,
  { line, severity, message, code }: Notice,
): readonly vscode.Diagnostic[] {
  const range = reading.textOf(line!);
  if (range === null) return [];
  const diagnostic = new vscode.Diagnostic(range, sentence(message), SEVERITIES[severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = code;
  return [diagnostic];
}

function findingDiagnostic(
  uri: vscode.Uri,
  reading: TextReading,
  { line, place, kind, level, text, of }: TextFinding,
): readonly vscode.Diagnostic[] {
  const range = (place && reading.columnsOf(place.line, place.start, place.end)) ?? reading.textOf(line);
  if (range === null) return [];
  const severity = level === 'problem' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const diagnostic = new vscode.Diagnostic(range, sentence(text), severity);
  diagnostic.source = SOURCE;
  diagnostic.code = kind === 'reset' ? translate('reset') : translate(kind);
  const other = of === null ? null : reading.textOf(of.line);
  if (of !== null && other !== null)
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, other), vscode.l10n.t('Packet {0}', of.packet)),
    ];
  return [diagnostic];
}
