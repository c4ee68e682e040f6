import * as vscode from 'vscode';
import type { Notice, Severity } from '../../core/model/notice';
import type { TextFinding } from '../../core/model/text';
import type { TraceDocument } from '../editor/document';
import { settings } from '../settings';
import { sentence, translate } from '../text';
import type { TextTrace, TextTraces } from './traces';

/** What VS Code shows of one file at most. */
const MAX_DIAGNOSTICS = 1000;
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
    const analysis = chosen === 'off' ? null : await trace.settled();
    if (isOld()) return;
    const found =
      analysis === null ? [] : await diagnosticsOf(trace, analysis, chosen === 'all', isOld).catch(() => null);
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
  trace: TextTrace,
  analysis: TraceDocument,
  infos: boolean,
  isOld: () => boolean,
): Promise<vscode.Diagnostic[]> {
  const notices = (analysis.summary?.notices ?? []).filter(({ line }) => line !== undefined);
  const all = notices.map((notice) => noticeDiagnostic(trace, notice));
  for (let next: number | null = 0; next !== null && all.length < MAX_DIAGNOSTICS && !isOld();) {
    const answer: { found: TextFinding[]; next: number | null } = await analysis.query('textFindings', {
      start: next,
      limit: MAX_DIAGNOSTICS - all.length,
      infos,
    });
    all.push(...answer.found.map((finding) => findingDiagnostic(trace, finding)));
    next = answer.next;
  }
  return all;
}

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function noticeDiagnostic(trace: TextTrace, { line, severity, message, code }: Notice): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(trace.rangeOf(line!, line!), sentence(message), SEVERITIES[severity]);
  diagnostic.source = SOURCE;
  diagnostic.code = code;
  return diagnostic;
}

function findingDiagnostic(trace: TextTrace, { line, kind, level, text, of }: TextFinding): vscode.Diagnostic {
  const severity = level === 'problem' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const diagnostic = new vscode.Diagnostic(trace.rangeOf(line, line), sentence(text), severity);
  diagnostic.source = SOURCE;
  diagnostic.code = kind === 'reset' ? translate('reset') : translate(kind);
  if (of !== null)
    diagnostic.relatedInformation = [
      new vscode.DiagnosticRelatedInformation(
        new vscode.Location(trace.uri, trace.rangeOf(of.line, of.line)),
        vscode.l10n.t('Packet {0}', of.packet),
      ),
    ];
  return diagnostic;
}
