import * as vscode from 'vscode';
import { goToPacket } from '../commands/go-to-packet';
import { showConnection } from '../commands/show-connection';
import type { TraceDocument } from '../editor/document';
import { sentence } from '../text';
import { codeBlockAt } from './code-block';
import { showLines } from './follow';
import { isTraceLanguage, languageOf } from './languages';
import type { Lines } from './lines';
import type { TextPanels } from './panels';
import type { TextReading } from './reading';
import type { TextTrace, TextTraces } from './traces';

/** Languages that say nothing of a text, so that the one of a trace can take their place. */
const PLAIN = new Set(['plaintext', 'log']);

/** Languages that a trace may be written in, or be a part of a text in. */
const KEPT = new Set(['json', 'jsonc', 'jsonl', 'xml', 'csv', 'tsv', 'markdown', 'diff', 'patch']);

/** The commands on text documents. */
export class TextCommands {
  constructor(
    private readonly traces: TextTraces,
    private readonly panels: TextPanels,
  ) {}

  /** Shows a place of a document's trace, as a link in its text asks; `row` null is the connection from its start. */
  async showPlace(uri: string, connection: number, row: number | null): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    const trace = this.traces.of(document) ?? this.traces.open(document, null);
    this.panels.of(trace).reveal(connection, row);
  }

  /** Shows a place of a document's trace, once it is found: its lines in the editor, and the diagram beside. */
  async showLinked(
    document: vscode.TextDocument,
    find: (analysis: TraceDocument) => Promise<{ readonly connection: number; readonly row: number | null } | null>,
  ): Promise<void> {
    const trace = this.traces.of(document) ?? this.traces.open(document, null);
    const held = this.traces.hold(trace);
    try {
      const reading = await this.read(trace);
      const place = reading && (await find(reading.analysis));
      if (reading === null || place === null) return;
      const { connection, row } = place;
      const start = row ?? 0;
      const [packet] = await reading.analysis.query('connectionText', { connection, start, end: start + 1 });
      const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
      if (packet !== undefined && editor !== undefined)
        showLines(editor, reading.documentLine(packet.first), packet.count);
      this.panels.of(trace).reveal(connection, row);
    } finally {
      held.dispose();
    }
  }

  /**
   * Shows what is under the cursor of a text editor: its segment, else the only connection, else the one that the user
   * chooses. Of a document in another language, whole lines that are selected are the trace, or the block of code that
   * the cursor is in. Returns false where there is no trace in it.
   *
   * @param complains whether the user is told so
   */
  async show(editor: vscode.TextEditor, complains: boolean): Promise<boolean> {
    const { document, selection } = editor;
    const isOurs = isTraceLanguage(document.languageId);
    const selected = isOurs ? null : selectedLines(selection);
    const isMarkdown = document.languageId === 'markdown' && selected === null;
    const block = isMarkdown ? codeBlockAt(document, selection.active.line) : null;
    // What is left of the text may be a trace where a block of it is none.
    if (block !== null && (await this.showIn(editor, this.traces.open(document, block), false))) return true;
    return this.showIn(
      editor,
      isOurs ? this.traces.of(document)! : this.traces.open(document, selected),
      complains || isOurs,
    );
  }

  /** @param complains whether the user is told where there is no trace */
  private async showIn(editor: vscode.TextEditor, trace: TextTrace, complains: boolean): Promise<boolean> {
    const { selection } = editor;
    const held = this.traces.hold(trace);
    try {
      const reading = await this.read(trace, complains);
      if (reading === null) return false;
      const { analysis } = reading;
      const view = this.panels.of(trace);
      await adoptLanguage(trace);
      const line = reading.traceLine(selection.active.line) ?? 1;
      const [packet] = await analysis.query('textPackets', { start: line, end: line + 1 });
      if (packet?.segment) view.reveal(packet.segment.connection, packet.segment.row);
      else if (analysis.summary?.connections === 1) view.reveal(0, null);
      else await showConnection(view);
      return true;
    } finally {
      held.dispose();
    }
  }

  /** Opens the text of the clipboard as an untitled document, with its diagram beside it. */
  async openClipboard(): Promise<void> {
    const content = await vscode.env.clipboard.readText();
    if (content.trim() === '') {
      void vscode.window.showInformationMessage(vscode.l10n.t('The clipboard holds no text.'));
      return;
    }
    const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
    const editor = await vscode.window.showTextDocument(document);
    await this.show(editor, true);
  }

  /** Asks for a packet or a line, and puts the cursor there. */
  async goToPacket(editor: vscode.TextEditor): Promise<void> {
    const reading = await this.traces.of(editor.document)?.settled();
    if (!reading) return;
    const { analysis } = reading;
    await goToPacket(analysis, async ({ connection, row }) => {
      const [packet] = await analysis.query('connectionText', { connection, start: row, end: row + 1 });
      if (packet !== undefined) showLines(editor, reading.documentLine(packet.first), packet.count);
    });
  }

  /** Waits for a text to be read; says so where there is no trace in it, unless it need not. */
  private async read(trace: TextTrace, complains = true): Promise<TextReading | null> {
    const reading = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking for TCP segments') },
      () => trace.settled(),
    );
    const reason = trace.analysis.failure;
    if (reading !== null && reading.analysis.summary!.connections > 0) return reading;
    if (!complains) return null;
    const text =
      reason !== null
        ? vscode.l10n.t('No TCP trace in this text. {0}', sentence(reason))
        : vscode.l10n.t('No TCP connection in this text.');
    void vscode.window.showWarningMessage(text);
    return null;
  }
}

/** The lines that a selection covers, `null` where it is within one line. */
function selectedLines({ start, end, isSingleLine }: vscode.Selection): Lines | null {
  if (isSingleLine) return null;
  return { start: start.line, end: end.character === 0 ? end.line : end.line + 1 };
}

/**
 * Gives a text that nothing else is known of the language of the trace in it. Of what is in no file, VS Code has guessed
 * the language by the words in it: Clojure, Perl or INI for traces.
 */
async function adoptLanguage({ document, isWhole, analysis }: TextTrace): Promise<void> {
  const format = analysis.summary?.textFormat ?? null;
  const { languageId } = document;
  const isGuess = document.isUntitled && !isTraceLanguage(languageId) && !KEPT.has(languageId);
  if (isWhole && format !== null && (PLAIN.has(languageId) || isGuess))
    await vscode.languages.setTextDocumentLanguage(document, languageOf(format));
}
