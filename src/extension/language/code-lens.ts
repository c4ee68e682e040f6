import * as vscode from 'vscode';
import { capitalised } from '../../core/format/text';
import { problemsText, segmentsText, sentence } from '../text';
import { textConnections } from './connections';
import type { RegisterFeature } from './features';

/** Above the first line of each connection: how long it is, what is wrong with it, and the way to its diagram. */
export const registerCodeLens: RegisterFeature = (selector, traces) =>
  vscode.languages.registerCodeLensProvider(selector, {
    async provideCodeLenses(document, token) {
      const trace = traces.of(document);
      const analysis = await trace?.settled(token);
      if (!trace || !analysis) return [];
      const connections = await textConnections(analysis, () => token.isCancellationRequested);
      return connections.map(({ row, first }) => {
        const line = trace.documentLine(first);
        const parts = [vscode.l10n.t('Show TCP connection'), segmentsText(row.segments)];
        if (row.problems > 0) parts.push(problemsText(row.problems));
        return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          command: 'tcpTrace.showConnection',
          title: parts.join(' · '),
          tooltip: capitalised(sentence(row.verdict.sentence)),
          arguments: [document.uri.toString(), row.connection, null],
        });
      });
    },
  });
