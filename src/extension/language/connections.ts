import type { TextConnection } from '../../core/model/text';
import type { TraceDocument } from '../editor/document';

/** Connections asked for at once: each is walked from its first segment to its last. */
const PAGE = 200;
/** Connections that an editor shows something for; a flood of SYNs has more of them than anybody scrolls through. */
export const MAX_CONNECTIONS = 5000;

/** The first connections of a trace where they stand in its text. */
export async function textConnections(
  analysis: TraceDocument,
  isCancelled: () => boolean,
): Promise<readonly TextConnection[]> {
  const all: TextConnection[] = [];
  while (all.length < MAX_CONNECTIONS && !isCancelled()) {
    const page = await analysis.query('textConnections', { start: all.length, end: all.length + PAGE });
    all.push(...page);
    if (page.length < PAGE) break;
  }
  return all;
}
