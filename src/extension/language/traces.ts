import * as vscode from 'vscode';
import { joined } from '../../core/bytes/joined';
import type { LineEdit } from '../../core/model/text';
import { type Splice, Splices } from '../../core/text/splices';
import { TraceDocument } from '../editor/document';
import type { TraceOrigin } from '../editor/origin';
import type { FileChange } from '../editor/watch';
import type { Platform } from '../platform/platform';
import { isTraceLanguage } from './languages';
import { type Lines, moved, newerSide } from './lines';
import { TextReading } from './reading';

/** Documents in which each line begins with what became of it. */
const DIFFS = new Set(['diff', 'patch']);

/** Lines that are made bytes at once: some milliseconds. */
const LINES_AT_ONCE = 8192;

/** Readings that the document is compared with: the last one, and those that are still to come. */
const MAX_READINGS = 16;

const LINE_BREAK = new TextEncoder().encode('\n');

/** The trace in a text document, or in some of its lines. */
export class TextTrace implements TraceOrigin, vscode.Disposable {
  readonly manner = 'eager';
  readonly analysis: TraceDocument;
  private readonly edited = new vscode.EventEmitter<FileChange>();
  /** Counts changes of the text; a document that is closed and opened again begins anew with its own count. */
  private changes = 0;
  /** What the analysis has been told of: the reading that it answers about, those to come, and the last it knows of. */
  private readings: readonly TextReading[] = [];
  /** Lines of the document that have changed since {@link told}, which the analysis was told of last. */
  private readonly unread = new Splices();
  private told: Lines = { start: 0, end: 0 };
  private readonly encoder = new TextEncoder();
  private readonly readAnew = new vscode.EventEmitter<void>();
  /** Something was answered from an older reading; the text as it is now has been read since. */
  readonly onDidReadAnew = this.readAnew.event;
  private owesAnswers = false;

  /** @param lines the lines that are the trace; `null` where all are */
  constructor(
    public document: vscode.TextDocument,
    private lines: Lines | null,
    platform: Platform,
    extensionUri: vscode.Uri,
  ) {
    this.analysis = new TraceDocument(this, platform, extensionUri);
    this.analysis.onDidChange(() => this.analysisChanged());
  }

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  get isWhole(): boolean {
    return this.lines === null;
  }

  /** Characters in front of each line that the analysis does not see. */
  get firstColumn(): number {
    return DIFFS.has(this.document.languageId) ? 1 : 0;
  }

  traceLine(line: number): number | null {
    return this.reading?.traceLine(line) ?? null;
  }

  documentLine(line: number): number | null {
    return this.reading?.documentLine(line) ?? null;
  }

  /** The reading that is answered about now: the last that came to its end. `null` where there is none. */
  get reading(): TextReading | null {
    const { version, failure } = this.analysis;
    return failure === null ? (this.readings.find((reading) => reading.version === version) ?? null) : null;
  }

  /** The text as it is now was read. */
  private get isRead(): boolean {
    return this.analysis.version === this.version;
  }

  stamp(): Promise<string> {
    return Promise.resolve(this.version);
  }

  private get version(): string {
    return `${this.changes}`;
  }

  /** The lines of the document that are the trace. */
  private get extent(): Lines {
    return this.lines ?? { start: 0, end: this.document.lineCount };
  }

  /** The analysis is being told of the text as it is now. */
  private tell(): void {
    this.unread.clear();
    this.told = this.extent;
    const readings = [...this.readings, new TextReading(this, this.version, this.told.start)];
    // Of readings that were given up one after the other nobody hears; without the first there would be no answers.
    this.readings = readings.length > MAX_READINGS ? [readings[0]!, ...readings.slice(2)] : readings;
  }

  /** The text as bytes, made piece by piece: of a long one at once, the editor would wait for it at every keystroke. */
  async input(): ReturnType<TraceOrigin['input']> {
    const { start, end } = this.extent;
    this.tell();
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
    const now = this.extent;
    const edits = this.unread.all.flatMap((splice) => partOf(splice, this.told, now));
    let lines = this.told.end - this.told.start;
    let changed = 0;
    for (const { oldStart, oldEnd, newStart, newEnd } of edits) {
      changed += newEnd - newStart;
      lines += newEnd - newStart - (oldEnd - oldStart);
    }
    // At the border of a part, lines may be nothing but gone or new: the analysis replaces lines by lines.
    if (edits.some(({ oldStart, oldEnd, newStart, newEnd }) => oldStart === oldEnd || newStart === newEnd)) return null;
    if (changed > LINES_AT_ONCE || lines !== now.end - now.start) return null;
    const first = this.told.start;
    this.tell();
    return edits.map(({ oldStart, oldEnd, newStart, newEnd }) => ({
      first: oldStart - first,
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
      for (const changed of [this.unread, ...this.readings])
        changed.replace(range.start.line, range.end.line + 1, replacedBy);
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
    this.told = { start: 0, end: -1 };
    this.readings = [];
    this.touch();
  }

  /** Waits until the text as it is now was read. `null` where it is no trace, or where the one who asked gave up. */
  async settled(token?: vscode.CancellationToken): Promise<TextReading | null> {
    const { analysis } = this;
    const isOver = (): boolean => this.isRead || token?.isCancellationRequested === true;
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
    return token?.isCancellationRequested !== true && this.isRead ? this.reading : null;
  }

  /**
   * Asks the last reading, while the text as it is now is still being read, too; where that has no answer, the next one.
   * What is asked may take several questions: it is asked again where another reading has taken over between them.
   * `null` where the text is no trace or the one who asks gave up.
   * @param question answers `null` where the lines that it is about are not in that reading
   */
  async ask<T>(
    token: vscode.CancellationToken,
    question: (reading: TextReading) => Promise<T | null>,
  ): Promise<T | null> {
    for (;;) {
      const reading = this.reading ?? (await this.settled(token));
      if (reading === null || token.isCancellationRequested) return null;
      const answer = await question(reading).catch((error: unknown) => {
        // Its worker has ended.
        if (reading !== this.reading) return null;
        throw error;
      });
      if (reading !== this.reading) continue;
      if (this.isRead) return answer;
      if (answer !== null) {
        this.owesAnswers = true;
        return answer;
      }
      await this.settled(token);
    }
  }

  dispose(): void {
    this.analysis.dispose();
    this.edited.dispose();
    this.readAnew.dispose();
  }

  private analysisChanged(): void {
    const { reading } = this;
    // Those before it do not come back.
    if (reading !== null) this.readings = this.readings.slice(this.readings.indexOf(reading));
    if (!this.owesAnswers || !this.isRead) return;
    this.owesAnswers = false;
    this.readAnew.fire();
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
  private readonly readAnew = new vscode.EventEmitter<void>();
  /** As that of a {@link TextTrace}, of any. */
  readonly onDidReadAnew = this.readAnew.event;
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
    this.readAnew.dispose();
  }

  private at(document: vscode.TextDocument): TextTrace | null {
    return this.held.get(keyOf(document))?.trace ?? null;
  }

  private begin(document: vscode.TextDocument, lines: Lines | null): TextTrace {
    const trace = new TextTrace(document, lines, this.platform, this.extensionUri);
    trace.onDidReadAnew(() => this.readAnew.fire());
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

/** The part of a splice of the document's lines that is in the trace, which was some of the lines and is others now. */
function partOf(splice: Splice, was: Lines, is: Lines): readonly Splice[] {
  const oldStart = Math.max(splice.oldStart, was.start);
  const oldEnd = Math.min(splice.oldEnd, was.end);
  const newStart = Math.max(splice.newStart, is.start);
  const newEnd = Math.min(splice.newEnd, is.end);
  return oldEnd < oldStart || newEnd < newStart || (oldEnd === oldStart && newEnd === newStart)
    ? []
    : [{ oldStart, oldEnd, newStart, newEnd }];
}
