import * as vscode from 'vscode';
import type { TraceView } from '../editor/view';
import type { TraceViews } from '../editor/views';
import { settings } from '../settings';

/** A key that is held down moves faster than anybody looks at the other side. */
const REST_MS = 60;

/** Selecting in a text reveals in the diagrams of it that are on screen, and the other way round. */
export function followSelection(views: TraceViews): vscode.Disposable {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Places that were revealed in a view because of the text: what the view then says is no news. */
  const revealed = new WeakMap<TraceView, string>();
  /** Lines that a cursor was put on because of a view, and that the editor has not told of yet: it takes its time. */
  const placed = new WeakMap<vscode.TextEditor, readonly number[]>();

  const toViews = async (editor: vscode.TextEditor): Promise<void> => {
    const cursor = editor.selection.active.line;
    for (const view of views.on(editor.document.uri)) {
      const { document } = view;
      const line = document.traceLine(cursor);
      if (!view.visible || line === null) continue;
      const [packet] = await document.query('textPackets', { start: line, end: line + 1 }).catch(() => []);
      if (!packet?.segment || editor.selection.active.line !== cursor) continue;
      const { connection, row } = packet.segment;
      const { state } = view;
      if (state.connection === connection && state.row !== null) {
        // Of several segments in a packet, the one that is selected stays.
        const [shown] = await rowLines(view);
        if (shown?.packet === packet.packet) continue;
      }
      revealed.set(view, `${connection} ${row}`);
      view.follow(connection, row);
    }
  };

  const toTexts = async (view: TraceView): Promise<void> => {
    const { connection, row } = view.state;
    if (connection === null || row === null) return;
    const place = `${connection} ${row}`;
    if (revealed.get(view) === place) return;
    revealed.set(view, place);
    const editors = vscode.window.visibleTextEditors.filter(
      ({ document }) => document.uri.toString() === view.document.uri.toString(),
    );
    if (editors.length === 0) return;
    const [packet] = await rowLines(view);
    if (packet === undefined) return;
    for (const editor of editors) {
      if (showLines(editor, view.document.documentLine(packet.first), packet.count))
        placed.set(editor, [...(placed.get(editor) ?? []), editor.selection.active.line]);
    }
  };

  /**
   * Takes out of the lines that cursors were put on the one that an editor tells of, by when the view may have gone on, and
   * is not to be called back; returns false where somebody else has moved the cursor.
   */
  const takePlaced = ({ textEditor, selections, kind }: vscode.TextEditorSelectionChangeEvent): boolean => {
    const { Keyboard, Mouse } = vscode.TextEditorSelectionChangeKind;
    const lines = placed.get(textEditor) ?? [];
    const at = kind === Keyboard || kind === Mouse ? -1 : lines.indexOf(selections[0]!.active.line);
    // Of several lines the editor may tell of the last alone; when somebody else moves it, they are history.
    placed.set(textEditor, at < 0 ? [] : lines.slice(at + 1));
    return at >= 0;
  };

  return vscode.Disposable.from(
    new vscode.Disposable(() => clearTimeout(timer)),
    vscode.window.onDidChangeTextEditorSelection((event) => {
      const { textEditor } = event;
      if (!settings.shows('text.followSelection') || views.on(textEditor.document.uri).length === 0) return;
      clearTimeout(timer);
      if (takePlaced(event)) return;
      timer = setTimeout(() => void toViews(textEditor), REST_MS);
    }),
    views.onDidChangeState((view) => {
      if (settings.shows('text.followSelection')) void toTexts(view);
    }),
  );
}

/** The lines of the row that a view shows as selected. */
const rowLines = ({ document, state: { connection, row } }: TraceView) =>
  connection === null || row === null
    ? Promise.resolve([])
    : document.query('connectionText', { connection, start: row, end: row + 1 }).catch(() => []);

/**
 * Puts the cursor on the first of some lines, unless it is in one of them already, and shows it; `null` is nowhere.
 * Returns whether the cursor was moved.
 */
export function showLines(editor: vscode.TextEditor, line: number | null, count: number): boolean {
  const { active } = editor.selection;
  if (line === null || line >= editor.document.lineCount) return false;
  const start = new vscode.Position(line, editor.document.lineAt(line).firstNonWhitespaceCharacterIndex);
  const moves = active.line < line || active.line >= line + count;
  if (moves) editor.selection = new vscode.Selection(start, start);
  editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return moves;
}
