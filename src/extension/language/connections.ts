import type * as vscode from 'vscode';
import type { TextConnection } from '../../core/model/text';
import type { TraceDocument } from '../editor/document';

/** Connections asked for at once: each is walked from its first segment to its last. */
const PAGE = 200;

/** Connections `[start, end)` of a trace where they stand in its text, as far as there are so many. */
export async function textConnections(
  analysis: TraceDocument,
  start: number,
  end: number,
  token?: vscode.CancellationToken,
): Promise<readonly TextConnection[]> {
  const all: TextConnection[] = [];
  for (let at = start; at < end && token?.isCancellationRequested !== true; at += PAGE) {
    const pageEnd = Math.min(at + PAGE, end);
    const page = await analysis.query('textConnections', { start: at, end: pageEnd });
    all.push(...page);
    if (page.length < pageEnd - at) break;
  }
  return all;
}
