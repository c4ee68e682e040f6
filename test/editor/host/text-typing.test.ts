import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { api, closeAll, eventually } from './captures';
import { longTrace, LOSSY, readText } from '../../support/text-traces';
import { longestOwnTime } from './own-time';
import { ask, columnOf, refusedTrace, resetSettings, sentWhile, showText, unreadWhile } from './texts';

/** Size of the text: `TEXT_MIB=40 npm test -- editor --grep typing` for a longer one. */
const MIB = Number(process.env.TEXT_MIB ?? 10);
/** All that is sent to the worker while somebody types: the lines that have changed, and questions. */
const MOST_BYTES = 100_000;
/** Bounds that hold on a busy machine, too; the figures are in the title. */
const LONGEST_BLOCK_MS = 1500;
const LONGEST_OWN_MS = 100;
const KEYS = 8;

describe('typing in a long text trace', () => {
  afterEach(async () => {
    await resetSettings();
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it(`does not block the extension host, and what is asked is answered (${MIB} MiB)`, async function () {
    this.timeout(300_000);
    const editor = await showText('long.tcpdump', longTrace(MIB));
    const { document } = editor;
    const lenses = async (): Promise<string[]> =>
      (await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10)).map(
        ({ command }) => command?.title ?? '',
      );
    const opened = performance.now();
    const [before] = await lenses();
    const first = performance.now() - opened;
    const packets = document.lineCount - 1;
    assert.match(before!, /segments/);
    const line = Math.floor(document.lineCount / 2);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const typed: number[] = [];
    let hover: vscode.Hover[] = [];
    let settled = 0;
    let sent = { opened: 0, bytes: 0 };
    const type = async (): Promise<void> => {
      // The profile that tells what is ours keeps the host for itself when it begins and when it ends.
      delay.enable();
      for (let key = 0; key < KEYS; key++) {
        const asked = performance.now();
        // A line of a log among the packets, letter by letter.
        await editor.edit((edit) => edit.insert(new vscode.Position(line, key), key === 0 ? 'x\n' : 'x'));
        typed.push(performance.now() - asked);
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      const last = performance.now();
      hover = await ask('vscode.executeHoverProvider', document.uri, new vscode.Position(line + 1, 3));
      settled = performance.now() - last;
      delay.disable();
    };
    const own = await longestOwnTime(async () => {
      sent = await sentWhile(type);
    });
    assert.equal(sent.opened, 0, 'no worker gets the text again');
    assert.ok(sent.bytes < MOST_BYTES, `${sent.bytes} bytes were sent to the worker`);
    assert.equal(hover.length, 1, 'a hover is answered once the text was read');
    // Also when what goes on in the background, once all is read, has been told of.
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await lenses(), [before], 'a line of a log is no packet');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    await editor.edit((edit) => edit.delete(new vscode.Range(line + 4, 0, line + 7, 0)));
    // What it is now, read from the start.
    const [fresh] = readText(document.getText()).connections(0, 1);
    assert.equal(fresh!.segments, packets - 3);
    const wanted = `${fresh!.segments} segments · ${fresh!.problems} problem`;
    await eventually(wanted, async () => (await lenses())[0]!.replaceAll(/(?<=\d)\s(?=\d)/g, '').includes(wanted));
    const longest = delay.max / 1e6;
    this.test!.title +=
      `: ${packets} lines, first read in ${first.toFixed(0)} ms; a keystroke took ${Math.max(...typed).toFixed(0)} ms at most, ` +
      `the event loop was blocked for ${longest.toFixed(0)} ms at most (p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms), ` +
      `by us for ${own.toFixed(1)} ms; a hover came ${settled.toFixed(0)} ms after the last key, ${sent.bytes} bytes were sent to the worker`;
    assert.ok(own > 0, 'keys are ours to look at');
    assert.ok(own < LONGEST_OWN_MS, `we kept the extension host for ${own.toFixed(1)} ms`);
    assert.ok(longest < LONGEST_BLOCK_MS, `the event loop was blocked for ${longest.toFixed(1)} ms`);
  });
});

/** Lines of LOSSY, 1-based. */
const LOST = 6;
const ACK_1001 = 9;
const DUPLICATE = 10;
const RESET = 19;

describe('a text trace that has been edited and not been read again', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('answers from the reading before, at the lines as they are now', async () => {
    const { document } = await showText('unread.tcpdump');
    const { uri } = document;
    const lenses = (): Thenable<vscode.CodeLens[]> => ask('vscode.executeCodeLensProvider', uri, 10);
    const hints = async (): Promise<number[]> => {
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      const found = await ask<vscode.InlayHint[]>('vscode.executeInlayHintProvider', uri, all);
      return found.map(({ position }) => position.line + 1);
    };
    const titles = (await lenses()).map(({ command }) => command?.title);
    const hinted = await hints();
    let changed: Thenable<vscode.Hover[]> | undefined;
    await unreadWhile(async () => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(uri, new vscode.Position(0, 0), 'a line of a log\nand another\n');
      edit.replace(uri, document.lineAt(DUPLICATE - 1).range, 'Here was a packet, and this is a line of a log.');
      await vscode.workspace.applyEdit(edit);
      const now = (line: number): number => line + 2;
      const hover = await ask<vscode.Hover[]>('vscode.executeHoverProvider', uri, columnOf(document, now(RESET), 'IP'));
      assert.match((hover[0]!.contents[0] as vscode.MarkdownString).value, /Packet 17\b/);
      assert.equal(hover[0]!.range?.start.line, now(RESET) - 1);
      const [carrier] = await ask<vscode.LocationLink[]>(
        'vscode.executeDefinitionProvider',
        uri,
        columnOf(document, now(ACK_1001), '1001'),
      );
      assert.equal(carrier!.targetRange.start.line + 1, now(5));
      const references = await ask<vscode.Location[]>(
        'vscode.executeReferenceProvider',
        uri,
        columnOf(document, now(LOST), 'seq'),
      );
      assert.deepEqual(
        references.map(({ range }) => range.start.line + 1).filter((line) => line !== now(LOST)),
        [10, 13, 14, 15].map(now),
      );
      const highlights = await ask<vscode.DocumentHighlight[]>(
        'vscode.executeDocumentHighlights',
        uri,
        columnOf(document, now(RESET), '81'),
      );
      assert.deepEqual(
        highlights.map(({ range }) => range.start.line + 1),
        [12, 19].map(now),
      );
      const found = await lenses();
      assert.deepEqual(
        found.map(({ range, command }) => [range.start.line + 1, command?.title]),
        [
          [now(2), titles[0]],
          [now(12), titles[1]],
        ],
      );
      assert.deepEqual(await hints(), hinted.map(now));
      // A line that has changed is not answered for from memory.
      changed = ask<vscode.Hover[]>('vscode.executeHoverProvider', uri, new vscode.Position(now(DUPLICATE) - 1, 30));
      const first = await Promise.race([changed, new Promise((resolve) => setTimeout(resolve, 200, 'nothing yet'))]);
      assert.equal(first, 'nothing yet');
    });
    assert.deepEqual(await changed, [], 'it is no packet any more');
    const [lens] = await lenses();
    assert.match(lens!.command!.title, /14 segments/);
  });

  it('is read again by its lines alone, where it is some lines of a document', async () => {
    const editor = await showText('part.md', `Before.\n\n${LOSSY}\nBetween.\n\n${LOSSY}\nAfter.\n`);
    const { document } = editor;
    const start = 2 + LOSSY.split('\n').length + 2;
    editor.selection = new vscode.Selection(start, 0, start + RESET, 0);
    const extension = await api();
    await eventually('the selection', () => vscode.window.activeTextEditor?.selection.start.line === start);
    const done = vscode.commands.executeCommand('tcpTrace.showConnection');
    const closing = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
    await done;
    clearInterval(closing);
    const lenses = async (): Promise<unknown[]> =>
      (await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 10)).map(({ range, command }) => [
        range.start.line,
        command?.title.replace(/ · \d+ problems?/, ''),
      ]);
    assert.equal(extension.texts(document.uri)?.frames, 17);
    const sent = await sentWhile(async () => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), 'A line more.\n');
      edit.delete(document.uri, new vscode.Range(start + 13, 0, start + 14, 0));
      edit.insert(document.uri, new vscode.Position(start + RESET + 1, 0), 'Behind it. ');
      await vscode.workspace.applyEdit(edit);
      await eventually('a packet less', () => extension.texts(document.uri)?.frames === 16);
      assert.deepEqual(await lenses(), [
        [start + 2, 'Show TCP connection · 14 segments'],
        [start + 12, 'Show TCP connection · 2 segments'],
      ]);
    });
    assert.equal(sent.opened, 0, 'no worker gets the text again');
  });
});

describe('a text trace of more connections than an editor can bear', () => {
  const CONNECTIONS = 2100;

  afterEach(async () => {
    await resetSettings();
    await closeAll();
  });

  it('has lenses near the lines on screen, and says what else is left out', async () => {
    const editor = await showText('refused.tcpdump', refusedTrace(CONNECTIONS));
    const { document } = editor;
    const lenses = async (): Promise<number[]> =>
      (await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri)).map(
        ({ range }) => range.start.line,
      );
    const onScreen = (lines: readonly number[]): boolean => {
      const { start, end } = editor.visibleRanges[0]!;
      for (let line = start.line + (start.line % 2); line < end.line; line += 2)
        if (!lines.includes(line)) return false;
      return true;
    };
    const first = await lenses();
    assert.ok(first.length <= 300 && first[0] === 0 && onScreen(first), `${first.length} lenses at the beginning`);
    const last = 2 * CONNECTIONS - 2;
    editor.revealRange(new vscode.Range(last, 0, last, 0));
    await eventually('the end', () => editor.visibleRanges[0]!.end.line >= last);
    const then = await lenses();
    assert.ok(then.length <= 300 && then.at(-1) === last && onScreen(then), `${then.length} lenses at the end`);

    const symbols = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
    assert.equal(symbols.length, 2001);
    assert.deepEqual([symbols.at(-1)!.name, symbols.at(-1)!.range.start.line], ['100 more connections', 4000]);

    const problems = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri);
    await eventually('the problems', () => problems().length > 0);
    assert.equal(problems().length, 1000);
    const rest = problems().find(({ severity }) => severity === vscode.DiagnosticSeverity.Information);
    assert.match(rest?.message ?? '', /Only 999 problems are listed/);
    assert.equal(rest?.range.start.line, 2 * 998 + 1);
  });
});
