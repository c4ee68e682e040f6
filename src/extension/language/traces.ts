import * as vscode from 'vscode';
import { joined } from '../../core/bytes/joined';
import type { LineEdit } from '../../core/model/text';
import { Splices } from '../../core/text/splices';
import { TraceDocument } from '../editor/document';
import type { TraceOrigin } from '../editor/origin';
import type { FileChange } from '../editor/watch';
import type { Platform } from '../platform/platform';
import { isTraceLanguage } from './languages';
import { type Lines, moved, newerSide } from './lines';

/** Documents in which each line begins with what became of it. */
const DIFFS = new Set(['diff', 'patch']);

/** Lines that are made bytes at once: some milliseconds. */
const LINES_AT_ONCE = 8192;

const LINE_BREAK = new TextEncoder().encode('\n');

/** The trace in a text document, or in some of its lines. */
export class TextTrace implements TraceOrigin, vscode.Disposable {
  readonly manner = 'eager';
  readonly analysis: TraceDocument;
  private readonly edited = new vscode.EventEmitter<FileChange>();
  /** Counts changes of the text; a document that is closed and opened again begins anew with its own count. */
  private changes = 0;
  /** Lines that have changed since the analysis was told of them, and how many lines it knows of. */
  private readonly unread = new Splices();
  private lineCount = 0;
  private readonly encoder = new TextEncoder();

  /** @param lines the lines that are the trace; `null` where all are */
  constructor(
    public document: vscode.TextDocument,
    private lines: Lines | null,
    platform: Platform,
    extensionUri: vscode.Uri,
  ) {
    this.analysis = new TraceDocument(this, platform, extensionUri);
  }

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  get isWhole(): boolean {
    return this.lines === null;
  }

  get firstLine(): number {
    return this.lines?.start ?? 0;
  }

  /** Characters in front of each line that the analysis does not see. */
  get firstColumn(): number {
    return DIFFS.has(this.document.languageId) ? 1 : 0;
  }

  /** 1-based line of the trace of a line of the document. */
  traceLine(line: number): number {
    return line - this.firstLine + 1;
  }

  /** Line of the document of a 1-based line of the trace. */
  documentLine(line: number): number {
    return line - 1 + this.firstLine;
  }

  /** Lines of the trace from the first to the last, 1-based, as a range of the document without the last line break. */
  rangeOf(first: number, last: number): vscode.Range {
    const { document } = this;
    const end = Math.min(this.documentLine(last), document.lineCount - 1);
    const start = Math.min(this.documentLine(first), end);
    return new vscode.Range(start, 0, end, document.lineAt(end).text.length);
  }

  /** Columns `[start, end)` of a line of the trace, as a range of the document. */
  columnsOf(line: number, start: number, end: number): vscode.Range {
    const at = this.documentLine(line);
    return new vscode.Range(at, start + this.firstColumn, at, end + this.firstColumn);
  }

  stamp(): Promise<string> {
    return Promise.resolve(this.version);
  }

  private get version(): string {
    return `${this.changes}`;
  }

  /** The text as bytes, made piece by piece: of a long one at once, the editor would wait for it at every keystroke. */
  async input(): ReturnType<TraceOrigin['input']> {
    const { start, end } = this.lines ?? { start: 0, end: this.document.lineCount };
    this.unread.clear();
    this.lineCount = end - start;
    const pieces: Uint8Array[] = [];
    for (let line = start; line < end; line += LINES_AT_ONCE) {
      if (line > start) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        // What changes meanwhile is read again anyway.
        if (!this.unread.isEmpty) break;
        pieces.push(LINE_BREAK);
      }
      pieces.push(this.bytesOf(line, Math.min(line + LINES_AT_ONCE, end)));
    }
    return { kind: 'text', bytes: joined(pieces) };
  }

  /** Lines that are different since {@link input} or the last edits; `null` where they are too many to be had at once. */
  edits(): readonly LineEdit[] | null {
    // Where some lines of a document are the trace, what is typed at their border makes them others.
    if (this.lines !== null) return null;
    const edits = this.unread.all;
    let lines = this.lineCount;
    let changed = 0;
    for (const { oldStart, oldEnd, newStart, newEnd } of edits) {
      changed += newEnd - newStart;
      lines += newEnd - newStart - (oldEnd - oldStart);
    }
    if (changed > LINES_AT_ONCE || lines !== this.document.lineCount) return null;
    this.lineCount = lines;
    this.unread.clear();
    return edits.map(({ oldStart, oldEnd, newStart, newEnd }) => ({
      first: oldStart,
      count: oldEnd - oldStart,
      lines: this.bytesOf(newStart, newEnd),
    }));
  }

  /** Lines `[start, end)` of the document in UTF-8, without the last line break. */
  private bytesOf(start: number, end: number): Uint8Array {
    const { document, firstColumn } = this;
    const last = document.lineAt(end - 1).range.end;
    const text = document.getText(new vscode.Range(new vscode.Position(start, 0), last));
    const lines = document.eol === vscode.EndOfLine.CRLF ? text.replaceAll('\r\n', '\n') : text;
    return this.encoder.encode(firstColumn === 0 ? lines : newerSide(lines));
  }

  watch(listener: (change: FileChange) => void): vscode.Disposable {
    return this.edited.event(listener);
  }

  /** Takes in what was typed. */
  change({ contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    for (const { range, text } of contentChanges) {
      const replacedBy = text.split(/\r\n|\r|\n/).length;
      this.unread.replace(range.start.line, range.end.line + 1, replacedBy);
      if (this.lines !== null)
        this.lines = moved(this.lines, { first: range.start.line, last: range.end.line, replacedBy });
    }
    this.touch();
  }

  /** The document was closed and opened again: in another language, or by another editor. */
  attach(document: vscode.TextDocument): void {
    if (document === this.document) return;
    const isSame = document.getText() === this.document.getText();
    this.document = document;
    if (isSame) return;
    // Nobody has told what is different.
    this.lineCount = -1;
    this.touch();
  }

  /** Waits until the text as it is now was read. `null` where it is no trace, or where the one who asked gave up. */
  async settled(token?: vscode.CancellationToken): Promise<TraceDocument | null> {
    const { analysis } = this;
    const isOver = (): boolean => analysis.version === this.version || token?.isCancellationRequested === true;
    if (!isOver())
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (!isOver()) return;
          subscriptions.dispose();
          resolve();
        };
        const subscriptions = vscode.Disposable.from(
          analysis.onDidChange(look),
          analysis.onDidDispose(() => {
            subscriptions.dispose();
            resolve();
          }),
          ...(token === undefined ? [] : [token.onCancellationRequested(look)]),
        );
      });
    return token?.isCancellationRequested !== true && analysis.version === this.version && analysis.failure === null
      ? analysis
      : null;
  }

  dispose(): void {
    this.analysis.dispose();
    this.edited.dispose();
  }

  private touch(): void {
    this.changes++;
    this.edited.fire('changed');
  }
}

/**
 * The text traces that are held, each with its worker: those of documents in a trace's language that somebody looks at,
 * and those of other documents as long as a view shows them.
 */
export class TextTraces implements vscode.Disposable {
  private readonly held = new Map<string, { readonly trace: TextTrace; views: number }>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Traces came or went. */
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly platform: Platform,
    private readonly extensionUri: vscode.Uri,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument((event) => this.at(event.document)?.change(event)),
      // A document whose language changes is closed and opened again.
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.at(document)?.attach(document);
        this.releaseAt(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.releaseAt(document)),
    );
  }

  get all(): readonly TextTrace[] {
    return [...this.held.values()].map(({ trace }) => trace);
  }

  /** The trace of a document, begun where the document is in one of the languages; `null` where it has none. */
  of(document: vscode.TextDocument): TextTrace | null {
    return this.at(document) ?? (isTraceLanguage(document.languageId) ? this.begin(document, null) : null);
  }

  /** The trace of a document in whatever language, or of some of its lines. */
  open(document: vscode.TextDocument, lines: Lines | null): TextTrace {
    const known = this.at(document);
    if (known !== null && lines === null && known.isWhole) return known;
    this.end(document);
    return this.begin(document, lines);
  }

  /** Holds a trace while a view shows it. */
  hold(trace: TextTrace): vscode.Disposable {
    const entry = this.held.get(keyOf(trace.document));
    if (entry?.trace !== trace) return new vscode.Disposable(() => undefined);
    entry.views++;
    return new vscode.Disposable(() => {
      entry.views--;
      this.release(trace);
    });
  }

  /** Lets go of a trace that nobody shows and whose document is not in one of the languages, or closed. */
  release(trace: TextTrace): void {
    const { document } = trace;
    const entry = this.held.get(keyOf(document));
    if (entry?.trace !== trace || entry.views > 0) return;
    if (document.isClosed || !isTraceLanguage(document.languageId)) this.end(document);
  }

  dispose(): void {
    this.subscriptions.dispose();
    for (const { trace } of this.held.values()) trace.dispose();
    this.held.clear();
    this.changed.dispose();
  }

  private at(document: vscode.TextDocument): TextTrace | null {
    return this.held.get(keyOf(document))?.trace ?? null;
  }

  private begin(document: vscode.TextDocument, lines: Lines | null): TextTrace {
    const trace = new TextTrace(document, lines, this.platform, this.extensionUri);
    this.held.set(keyOf(document), { trace, views: 0 });
    this.changed.fire();
    return trace;
  }

  private releaseAt(document: vscode.TextDocument): void {
    const trace = this.at(document);
    if (trace !== null) this.release(trace);
  }

  private end(document: vscode.TextDocument): void {
    const trace = this.at(document);
    if (trace === null) return;
    this.held.delete(keyOf(document));
    trace.dispose();
    this.changed.fire();
  }
}

const keyOf = (document: vscode.TextDocument): string => document.uri.toString();
