import * as vscode from 'vscode';
import { endpointText } from '../../core/format/endpoint';
import type { PhaseKind, TextConnection } from '../../core/model/text';
import { problemsText, segmentsText, translate } from '../text';
import { textConnections } from './connections';
import type { RegisterFeature } from './features';
import type { TextTrace } from './traces';

const PHASES: Readonly<Record<PhaseKind, () => string>> = {
  handshake: () => vscode.l10n.t('Handshake'),
  data: () => vscode.l10n.t('Data'),
  close: () => vscode.l10n.t('Close'),
};

/** The outline and the breadcrumbs: connections, and in each its handshake, its data and its close. */
export const registerSymbols: RegisterFeature = (selector, traces) =>
  vscode.languages.registerDocumentSymbolProvider(
    selector,
    {
      async provideDocumentSymbols(document, token) {
        const trace = traces.of(document);
        const analysis = await trace?.settled(token);
        if (!trace || !analysis) return [];
        const connections = await textConnections(analysis, () => token.isCancellationRequested);
        return connections.map((connection) => symbolOf(trace, connection));
      },
    },
    { label: translate('TCP Trace') },
  );

/**
 * A symbol's range decides what the breadcrumbs say of a line, so it ends where lines of another connection begin: what
 * comes later is reached through the parts.
 */
function symbolOf(trace: TextTrace, connection: TextConnection): vscode.DocumentSymbol {
  const { row, first, until, phases } = connection;
  const detail = [segmentsText(row.segments), ...(row.problems > 0 ? [problemsText(row.problems)] : [])];
  const symbol = new vscode.DocumentSymbol(
    `#${row.connection} ${endpointText(row.client)} ⇄ ${endpointText(row.server)}`,
    detail.join(' · '),
    vscode.SymbolKind.Event,
    trace.rangeOf(first, until),
    trace.rangeOf(first, first),
  );
  symbol.children = phases.map(
    (phase) =>
      new vscode.DocumentSymbol(
        PHASES[phase.kind](),
        segmentsText(phase.end - phase.start),
        vscode.SymbolKind.Field,
        trace.rangeOf(phase.first, phase.first > until ? phase.first : Math.min(phase.last, until)),
        trace.rangeOf(phase.first, phase.first),
      ),
  );
  return symbol;
}
