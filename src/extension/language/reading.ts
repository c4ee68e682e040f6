import * as vscode from 'vscode';
import { Splices } from '../../core/text/splices';
import type { TraceDocument } from '../editor/document';

/** The document as it is now, in which the lines of a reading are looked for. */
export interface ReadDocument {
  readonly document: vscode.TextDocument;
  readonly analysis: TraceDocument;
  /** Characters in front of each line that the analysis does not see. */
  readonly firstColumn: number;
}

/**
 * A text as the analysis was told of it, and what has changed in the document since: so what is known of that text can be
 * shown in the one that is on screen while that is being read. Lines of the trace are 1-based, those of the document
 * 0-based.
 */
export class TextReading {
  private readonly changed = new Splices();

  /**
   * @param version of the text
   * @param firstLine of the document as it was then that is the first one of the trace
   */
  constructor(
    private readonly shown: ReadDocument,
    readonly version: string,
    readonly firstLine: number,
  ) {}

  get analysis(): TraceDocument {
    return this.shown.analysis;
  }

  /** Takes in that lines `[start, end)` of the document as it is now are replaced by so many others. */
  replace(start: number, end: number, lines: number): void {
    this.changed.replace(start, end, lines);
  }

  /** The line of the trace that a line of the document is; `null` where it is not in it, or has changed. */
  traceLine(line: number): number | null {
    const before = this.changed.before(line);
    return before === null || before.old < this.firstLine ? null : before.old - this.firstLine + 1;
  }

  /** Lines `[start, end)` of the trace that lines from the first to the last of the document are, or were, at most `most`. */
  traceLines(first: number, last: number, most: number): { readonly start: number; readonly end: number } {
    // Of lines that have changed, those around them tell where to look.
    let from = first;
    while (from < last && this.changed.before(from) === null) from++;
    let to = last;
    while (to > from && this.changed.before(to) === null) to--;
    const start = Math.max(1, this.traceLine(from) ?? 1);
    const end = Math.max(start, (this.traceLine(to) ?? start - 1) + 1);
    return { start, end: Math.min(end, start + most) };
  }

  /** The line of the document that a line of the trace is by now; `null` where it has gone. */
  documentLine(line: number): number | null {
    const now = this.changed.after(line - 1 + this.firstLine);
    return now === null || now >= this.shown.document.lineCount ? null : now;
  }

  /** Whether lines of the trace from the first to the last are as they were. */
  isSame(first: number, last: number): boolean {
    const old = first - 1 + this.firstLine;
    const now = this.changed.after(old);
    const before = now === null ? null : this.changed.before(now);
    return before?.old === old && before.sameUntil >= last + this.firstLine;
  }

  /**
   * Lines of the trace from the first to the last as a range of the document, without the last line break; `null` where
   * they have gone.
   */
  rangeOf(first: number, last: number): vscode.Range | null {
    const start = this.documentLine(first);
    const end = this.documentLine(last);
    if (start === null || end === null || end < start) return null;
    return new vscode.Range(start, 0, end, this.shown.document.lineAt(end).text.length);
  }

  /** A line of the trace as a range of the document, without the white space around its text; `null` where it has gone. */
  textOf(line: number): vscode.Range | null {
    const now = this.documentLine(line);
    if (now === null) return null;
    const { text, firstNonWhitespaceCharacterIndex } = this.shown.document.lineAt(now);
    return new vscode.Range(now, firstNonWhitespaceCharacterIndex, now, text.trimEnd().length);
  }

  /** Columns `[start, end)` of a line of the trace as a range of the document; `null` where the line has changed. */
  columnsOf(line: number, start: number, end: number): vscode.Range | null {
    if (!this.isSame(line, line)) return null;
    const at = this.documentLine(line)!;
    const { firstColumn } = this.shown;
    return new vscode.Range(at, start + firstColumn, at, end + firstColumn);
  }
}
