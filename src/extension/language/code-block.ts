import type { Lines } from './lines';

/** The lines of a document. */
export interface LinesOfText {
  readonly lineCount: number;
  lineAt(line: number): { readonly text: string };
}

/** Behind what quotes or indents it, the signs that begin a block, and what follows them. */
const FENCE = /^[\s>]*(`{3,}|~{3,})(.*)$/;

/**
 * The lines within the fenced code block of a Markdown document that a line is in, its fences included (CommonMark 0.31,
 * §4.5); `null` where it is in none, or that is empty.
 */
export function codeBlockAt(document: LinesOfText, line: number): Lines | null {
  let open: { readonly signs: string; readonly line: number } | null = null;
  for (let at = 0; at < document.lineCount; at++) {
    if (open === null && at > line) return null;
    const [, signs, rest] = FENCE.exec(document.lineAt(at).text) ?? [];
    if (signs === undefined || rest === undefined) continue;
    if (open === null) {
      // Between backticks, it is code within a line.
      if (!signs.startsWith('`') || !rest.includes('`')) open = { signs, line: at };
    } else if (signs.startsWith(open.signs) && rest.trim() === '') {
      if (at >= line) return between(open.line, at);
      open = null;
    }
  }
  return open === null || line < open.line ? null : between(open.line, document.lineCount);
}

const between = (fence: number, end: number): Lines | null => (end > fence + 1 ? { start: fence + 1, end } : null);
