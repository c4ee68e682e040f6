import * as vscode from 'vscode';
import { MAX_ROWS } from '../../protocol';
import type { RegisterFeature } from './features';
import { endpointRanges } from './highlights';

/** Token types of package.json: which way a segment goes. */
const LEGEND = new vscode.SemanticTokensLegend(['tcpFromClient', 'tcpFromServer'], ['tcpProblem']);

/** Colours the endpoints of each line by the direction of its segment, and marks segments with a problem. */
export const registerSemanticTokens: RegisterFeature = (selector, traces) =>
  vscode.languages.registerDocumentRangeSemanticTokensProvider(
    selector,
    {
      async provideDocumentRangeSemanticTokens(document, range, token) {
        // VS Code keeps what it has, and asks again of its own accord only after the next change.
        const reading = await traces.of(document)?.settled(token);
        if (!reading) return null;
        const lines = reading.traceLines(range.start.line, range.end.line, MAX_ROWS);
        const builder = new vscode.SemanticTokensBuilder(LEGEND);
        for (const { segment, marks } of await reading.analysis.query('textPackets', lines)) {
          if (segment === null) continue;
          const type = segment.from === 'client' ? 'tcpFromClient' : 'tcpFromServer';
          for (const place of endpointRanges(document, reading, marks))
            builder.push(place, type, segment.problem ? ['tcpProblem'] : []);
        }
        return builder.build();
      },
    },
    LEGEND,
  );
