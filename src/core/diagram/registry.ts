import type { DiagramWriter } from './diagram';
import { markdown } from './markdown';
import { mermaid } from './mermaid';
import { svg } from './svg';
import { plainText } from './text';

/** Every way to write a diagram down. */
export const DIAGRAMS = { text: plainText, svg, mermaid, markdown } satisfies Record<string, DiagramWriter>;

export type DiagramFormat = keyof typeof DIAGRAMS;
