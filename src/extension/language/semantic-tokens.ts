import * as vscode from 'vscode';
import { MAX_ROWS } from '../../protocol';
import type { RegisterFeature } from './features';
import { endpointsRange } from './highlights';

/** Token types of package.json: which way a segment goes. */
const LEGEND = new vscode.SemanticTokensLegend(['tcpFromClient', 'tcpFromServer'], ['tcpProblem']);

/** Colours the endpoints of each line by the direction of its segment, and marks segments with a problem. */
export const registerSemanticTokens: RegisterFeature = (selector, traces) =>
  vscode.languages.registerDocumentRangeSemanticTokensProvider(
    selector,
    {
      async provideDocumentRangeSemanticTokens(document, range, token) {
        const trace = traces.of(document);
        const analysis = await trace?.settled(token);
        if (!trace || !analysis) return null;
        const start = Math.max(1, trace.traceLine(range.start.line));
        const end = Math.min(trace.traceLine(range.end.line) + 1, start + MAX_ROWS);
        const builder = new vscode.SemanticTokensBuilder(LEGEND);
        for (const { segment, marks } of await analysis.query('textPackets', { start, end })) {
          const place = endpointsRange(trace, marks);
          if (segment === null || place === null) continue;
          const type = segment.from === 'client' ? 'tcpFromClient' : 'tcpFromServer';
          builder.push(place, type, segment.problem ? ['tcpProblem'] : []);
        }
        return builder.build();
      },
    },
    LEGEND,
  );
