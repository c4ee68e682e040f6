import type { DiagramWriter } from './diagram';
import { mermaid } from './mermaid';
import { svg } from './svg';
import { plainText } from './text';

/** Every way to write a diagram down. */
export const DIAGRAMS = { text: plainText, svg, mermaid } satisfies Record<string, DiagramWriter>;

export type DiagramFormat = keyof typeof DIAGRAMS;
