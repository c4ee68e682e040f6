import type { ViewState } from '../src/protocol';
import type { Context, Panel } from './context';
import { connectionsPanel } from './panels/connections';
import { diagnosisPanel } from './panels/diagnosis';
import { graphsPanel } from './panels/graphs';
import { packetsPanel } from './panels/packets';
import { sequencePanel } from './panels/sequence';
import { statesPanel } from './panels/states';
import { streamPanel } from './panels/stream';

export interface TabEntry {
  readonly id: ViewState['tab'];
  /** English title, the key of its translation. */
  readonly title: string;
  readonly create: (context: Context) => Panel;
}

/** The tabs, in order: one file and one line each. */
export const TABS: readonly TabEntry[] = [
  { id: 'connections', title: 'Connections', create: connectionsPanel },
  { id: 'sequence', title: 'Sequence', create: sequencePanel },
  { id: 'packets', title: 'Packets', create: packetsPanel },
  { id: 'stream', title: 'Stream', create: streamPanel },
  { id: 'graphs', title: 'Graphs', create: graphsPanel },
  { id: 'states', title: 'States', create: statesPanel },
  { id: 'diagnosis', title: 'Diagnosis', create: diagnosisPanel },
];
