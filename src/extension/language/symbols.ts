import * as vscode from 'vscode';
import { endpointText } from '../../core/format/endpoint';
import { count } from '../../core/format/number';
import type { PhaseKind, TextConnection } from '../../core/model/text';
import { problemsText, segmentsText, translate } from '../text';
import { textConnections } from './connections';
import type { RegisterFeature } from './features';
import type { TextReading } from './reading';

/** Connections that have a symbol; a flood of SYNs has more of them than anybody scrolls through. */
const MAX_CONNECTIONS = 2000;

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
        const reading = await traces.of(document)?.settled(token);
        if (!reading) return [];
        const connections = await textConnections(reading.analysis, 0, MAX_CONNECTIONS, token);
        return [...connections.flatMap((connection) => symbolOf(reading, connection)), ...(await restOf(reading))];
      },
    },
    { label: translate('TCP Trace') },
  );

/**
 * A symbol's range decides what the breadcrumbs say of a line, so it ends where lines of another connection begin: what
 * comes later is reached through the parts.
 */
function symbolOf(reading: TextReading, connection: TextConnection): readonly vscode.DocumentSymbol[] {
  const { row, first, until, phases } = connection;
  const name = `#${row.connection} ${endpointText(row.client)} ⇄ ${endpointText(row.server)}`;
  const detail = [segmentsText(row.segments), ...(row.problems > 0 ? [problemsText(row.problems)] : [])];
  return symbolAt(reading, [first, until], name, detail.join(' · '), vscode.SymbolKind.Event).map((symbol) => {
    symbol.children = phases.flatMap((phase) =>
      symbolAt(
        reading,
        [phase.first, phase.first > until ? phase.first : Math.min(phase.last, until)],
        PHASES[phase.kind](),
        segmentsText(phase.end - phase.start),
        vscode.SymbolKind.Field,
      ),
    );
    return symbol;
  });
}

/** Says how many connections have no symbol, where the first of them begins. */
async function restOf(reading: TextReading): Promise<readonly vscode.DocumentSymbol[]> {
  const more = (reading.analysis.summary?.connections ?? 0) - MAX_CONNECTIONS;
  const [first] = more > 0 ? await textConnections(reading.analysis, MAX_CONNECTIONS, MAX_CONNECTIONS + 1) : [];
  if (first === undefined) return [];
  const name = more === 1 ? vscode.l10n.t('1 more connection') : vscode.l10n.t('{0} more connections', count(more));
  const detail = vscode.l10n.t('“Show TCP Connection” finds them');
  return symbolAt(reading, [first.first, first.first], name, detail, vscode.SymbolKind.Event);
}

/** A symbol of lines of the trace from the first to the last; none where they have changed meanwhile. */
function symbolAt(
  reading: TextReading,
  [first, last]: readonly [number, number],
  name: string,
  detail: string,
  kind: vscode.SymbolKind,
): readonly vscode.DocumentSymbol[] {
  const range = reading.rangeOf(first, last);
  const selected = reading.rangeOf(first, first);
  return range === null || selected === null ? [] : [new vscode.DocumentSymbol(name, detail, kind, range, selected)];
}
