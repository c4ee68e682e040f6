import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { LOSSY } from '../../support/text-traces';
import { api, closeAll, eventually, inWorkspace } from './captures';
import { ask, columnOf, linesOf, resetSettings, set, showText } from './texts';

/** Lines of LOSSY, 1-based. */
const SYN = 2;
const LOST = 6;
const ACK_1001 = 9;
const NOISE = 11;
const REFUSED = 12;
const RETRANSMISSION = 14;
const ACK_4001 = 15;
const FIN = 16;
const RESET = 19;

describe('a text trace in a text editor', () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    ({ document } = await showText('lossy.tcpdump'));
  });
  afterEach(async () => {
    await resetSettings();
    await closeAll();
  });

  const diagnostics = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri);

  it('is of its language by its name and by its first line', async () => {
    assert.equal(document.languageId, 'tcpdump');
    for (const [name, text, language] of [
      ['a.tshark', '    1   0.000000 10.0.0.1 → 10.0.0.2 TCP 74 1 → 2 [SYN] Seq=0 Win=1 Len=0\n', 'tcp-trace-text'],
      ['a.pkt', '0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n', 'packetdrill'],
      ['without-an-ending', LOSSY, 'tcpdump'],
      ['another', 'Dear diary, nothing happened.\n', 'plaintext'],
    ] as const)
      assert.equal((await showText(name, text)).document.languageId, language, name);
  });

  it('says in a hover what a line is, why it has its notes, and the states of both ends', async () => {
    const hover = async (line: number): Promise<string> => {
      const found = await ask<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(line - 1, 3),
      );
      return found.flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value)).join('\n');
    };
    const duplicate = await hover(10);
    assert.match(duplicate, /Packet 9/);
    assert.match(duplicate, /RFC 5681/);
    assert.match(duplicate, /✓/);
    assert.match(await hover(SYN + 1), /\| Flags \| SYN ACK \|/);
    assert.match(duplicate, /ESTABLISHED/);
    const closing = await hover(FIN);
    assert.match(closing, /FIN&#45;WAIT&#45;1/);
    // As textbooks and netstat(8) have it.
    assert.match(closing, /FIN&#95;WAIT&#95;1, FIN&#95;WAIT1/);
    assert.equal(await hover(NOISE), '');
    await set('hover', false);
    assert.equal(await hover(10), '');
  });

  const lenses = (): Thenable<vscode.CodeLens[]> => ask('vscode.executeCodeLensProvider', document.uri, 100);

  it('has a lens above the first line of each connection', async () => {
    const found = await lenses();
    assert.deepEqual(
      found.map(({ range, command }) => [range.start.line + 1, command?.title]),
      [
        // Two duplicate ACKs and a retransmission; a reset.
        [SYN, 'Show TCP connection · 15 segments · 3 problems'],
        [REFUSED, 'Show TCP connection · 2 segments · 1 problem'],
      ],
    );
    await set('codeLens', false);
    assert.deepEqual(await lenses(), []);
  });

  it('opens the diagram by the lens', async () => {
    const [, second] = await lenses();
    await vscode.commands.executeCommand(second!.command!.command, ...(second!.command!.arguments as unknown[]));
    const extension = await api();
    await eventually('the diagram', () => extension.active()?.state.connection === 1);
    assert.equal(extension.active()?.uri.toString(), document.uri.toString());
  });

  it('hints at the states where they change, at the end of the line', async () => {
    const hints = (): Thenable<vscode.InlayHint[]> =>
      ask('vscode.executeInlayHintProvider', document.uri, new vscode.Range(0, 0, document.lineCount, 0));
    const found = (await hints()).map(({ position, label }) => [position.line + 1, label]);
    // RFC 9293 figures 6 and 12: a handshake, and a close in which the server's FIN carries its ACK.
    assert.deepEqual(found.slice(0, 3), [
      [2, 'client SYN-SENT · server SYN-RECEIVED'],
      [3, 'client ESTABLISHED'],
      [4, 'server ESTABLISHED'],
    ]);
    assert.deepEqual(
      found.filter(([line]) => Number(line) > 12).map(([line]) => line),
      [FIN, 17, 18, RESET],
    );
    for (const { position } of await hints())
      assert.equal(position.character, document.lineAt(position.line).text.length);
    await set('inlayHints', false);
    assert.deepEqual(await hints(), []);
  });

  it('hints before the bytes and the payload, and at nothing that is not known', async () => {
    const hinted = async (name: string, text: string): Promise<unknown[]> => {
      const { document: other } = await showText(name, text);
      const all = new vscode.Range(0, 0, other.lineCount, 0);
      const found = await ask<vscode.InlayHint[]>('vscode.executeInlayHintProvider', other.uri, all);
      return found.map(({ position, label, tooltip }) => [
        position.line + 1,
        label,
        /\(STATE\) is assumed/.test(tooltip as string),
      ]);
    };
    const [, syn, synAck] = LOSSY.split('\n');
    // tcpdump -A
    assert.deepEqual(await hinted('payload.tcpdump', `${syn}\nE..<..@.@.\n...........\n${synAck}\nE..<..@.@.\n`), [
      [1, 'client SYN-SENT · server SYN-RECEIVED', false],
      // What the client would send next is not there to prove it.
      [4, 'client (ESTABLISHED)', true],
    ]);
    // tcpdump -q
    const quiet = '10:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 0\n';
    assert.deepEqual(await hinted('quiet.tcpdump', quiet), []);
  });

  it('has an outline of connections with handshake, data and close', async () => {
    const symbols = (): Thenable<vscode.DocumentSymbol[] | undefined> =>
      ask('vscode.executeDocumentSymbolProvider', document.uri);
    const found = (await symbols())!;
    assert.deepEqual(
      found.map(({ name, detail, range }) => [name, detail, ...linesOf(range)]),
      [
        ['#0 10.0.0.1:40000 ⇄ 10.0.0.2:80', '15 segments · 3 problems', 2, 10],
        ['#1 10.0.0.3:50000 ⇄ 10.0.0.2:81', '2 segments · 1 problem', 12, 12],
      ],
    );
    assert.deepEqual(
      found.map(({ children }) => children.map(({ name, selectionRange }) => [name, selectionRange.start.line + 1])),
      [
        [
          ['Handshake', 2],
          ['Data', 5],
          ['Close', FIN],
        ],
        [
          ['Handshake', REFUSED],
          ['Close', RESET],
        ],
      ],
    );
    await set('outline', false);
    assert.deepEqual((await symbols()) ?? [], []);
  });

  it('folds by connection', async () => {
    const folds = (): Thenable<vscode.FoldingRange[]> => ask('vscode.executeFoldingRangeProvider', document.uri);
    const found = (await folds()).map(({ start, end }) => [start + 1, end + 1]);
    assert.deepEqual(found, [
      [2, 10],
      [13, 18],
    ]);
    await set('folding', false);
    assert.deepEqual((await folds()) ?? [], []);
  });

  it('highlights the connection under the cursor', async () => {
    const highlights = (line: number): Thenable<vscode.DocumentHighlight[] | undefined> =>
      ask('vscode.executeDocumentHighlights', document.uri, new vscode.Position(line - 1, 20));
    const found = (await highlights(REFUSED))!;
    assert.deepEqual(
      found.map(({ range, kind }) => [range.start.line + 1, document.getText(range), kind]),
      [
        [REFUSED, '10.0.0.3.50000 > 10.0.0.2.81', vscode.DocumentHighlightKind.Read],
        [RESET, '10.0.0.2.81 > 10.0.0.3.50000', vscode.DocumentHighlightKind.Write],
      ],
    );
    assert.equal((await highlights(SYN))!.length, 15);
    const listed = '1 0.000000 10.0.0.1 → 10.0.0.2 TCP 74 40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460\n';
    const { document: list } = await showText('list.tshark', listed);
    const marked = await ask<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      list.uri,
      new vscode.Position(0, 0),
    );
    assert.deepEqual(
      marked.map(({ range }) => list.getText(range)),
      ['10.0.0.1 → 10.0.0.2', '40000 → 80'],
    );
    await set('highlights', false);
    // VS Code marks the same words, where nobody knows better: each of them is text.
    const kinds = ((await highlights(REFUSED)) ?? []).map(({ kind }) => kind);
    assert.ok(kinds.every((kind) => kind === undefined || kind === vscode.DocumentHighlightKind.Text));
  });

  it('goes from an acknowledgment number to the segment that carried the bytes', async () => {
    const definitions = async (position: vscode.Position): Promise<unknown[]> => {
      const found = await ask<vscode.LocationLink[]>('vscode.executeDefinitionProvider', document.uri, position);
      return found.map(({ targetRange, targetSelectionRange }) => [
        targetRange.start.line + 1,
        document.getText(targetSelectionRange),
      ]);
    };
    assert.deepEqual(await definitions(columnOf(document, ACK_1001, '1001')), [[5, '1:1001']]);
    assert.deepEqual(await definitions(columnOf(document, ACK_4001, '4001')), [[8, '3001:4001']]);
    assert.deepEqual(await definitions(columnOf(document, ACK_1001, 'win')), [], 'a window leads nowhere');
    await set('navigation', false);
    assert.deepEqual(await definitions(columnOf(document, ACK_1001, '1001')), []);
  });

  it('finds the acknowledgments, duplicate ACKs and retransmissions of a segment', async () => {
    const found = await ask<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      columnOf(document, LOST, 'seq'),
    );
    assert.deepEqual(
      found.map(({ range }) => [range.start.line + 1, document.getText(range)]).filter(([line]) => line !== LOST),
      [
        [10, '1001'],
        [13, '1001'],
        [RETRANSMISSION, '1001:2001'],
        [ACK_4001, '4001'],
      ],
    );
    await set('navigation', false);
    assert.deepEqual(
      await ask<vscode.Location[]>('vscode.executeReferenceProvider', document.uri, columnOf(document, LOST, 'seq')),
      [],
    );
  });

  it('colours endpoints by direction', async () => {
    const legend = await ask<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentRangeSemanticTokensLegend',
      document.uri,
      new vscode.Range(0, 0, 5, 0),
    );
    const tokens = await ask<vscode.SemanticTokens>(
      'vscode.provideDocumentRangeSemanticTokens',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
    );
    let line = 1;
    const found: [number, string | undefined, boolean][] = [];
    for (let i = 0; i + 4 < tokens.data.length; i += 5) {
      line += tokens.data[i]!;
      found.push([line, legend.tokenTypes[tokens.data[i + 3]!], tokens.data[i + 4]! !== 0]);
    }
    assert.deepEqual(found.slice(0, 3), [
      [2, 'tcpFromClient', false],
      [3, 'tcpFromServer', false],
      [4, 'tcpFromClient', false],
    ]);
    assert.deepEqual(
      found.filter(([, , problem]) => problem).map(([at]) => at),
      [10, 13, RETRANSMISSION, RESET],
    );
    await set('semanticTokens', false);
    const none = await ask<vscode.SemanticTokens | undefined>(
      'vscode.provideDocumentRangeSemanticTokens',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
    );
    assert.equal(none?.data.length ?? 0, 0);
  });

  it('lists problems at their lines, and nothing where that is switched off', async () => {
    await eventually('the problems', () => diagnostics().length === 5);
    const [duplicate] = diagnostics();
    // At what they are about: a whole line that is underlined would say less, and the hover all of it twice.
    assert.deepEqual(
      diagnostics().map(({ range, source, code }) => [range.start.line + 1, document.getText(range), source, code]),
      [
        [10, '1001', 'duplicate-ack'],
        [13, '1001', 'duplicate-ack'],
        [RETRANSMISSION, '1001:2001', 'retransmission'],
        [RETRANSMISSION, '1001:2001', 'retransmission-timeout'],
        [RESET, 'R.', 'reset'],
      ].map(([line, text, code]) => [line, text, 'TCP Trace', code]),
    );
    assert.ok(diagnostics().every(({ severity }) => severity === vscode.DiagnosticSeverity.Warning));
    assert.equal(duplicate!.relatedInformation?.[0]?.location.range.start.line, ACK_1001 - 1);
    await set('diagnostics', 'off');
    await eventually('an empty list', () => diagnostics().length === 0);
    await set('diagnostics', 'all');
    await eventually('more than problems', () => diagnostics().length >= 5);
  });

  it('follows what is typed', async () => {
    await eventually('the problems', () => diagnostics().length === 5);
    const edit = new vscode.WorkspaceEdit();
    edit.delete(document.uri, new vscode.Range(RETRANSMISSION - 1, 0, RETRANSMISSION, 0));
    edit.insert(document.uri, new vscode.Position(0, 0), 'a line of a log\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('the problems that are left', () => diagnostics().length === 3);
    // Without the segment that was sent again, one line lower.
    assert.deepEqual(
      (await lenses()).map(({ range, command }) => [range.start.line + 1, command?.title]),
      [
        [SYN + 1, 'Show TCP connection · 14 segments · 2 problems'],
        [REFUSED + 1, 'Show TCP connection · 2 segments · 1 problem'],
      ],
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('of which nothing is left is no trace, and one again when it is back', async () => {
    await lenses();
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, all, 'nothing');
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(await lenses(), []);
    const back = new vscode.WorkspaceEdit();
    back.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), LOSSY);
    await vscode.workspace.applyEdit(back);
    assert.equal((await lenses()).length, 2);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('lets go of its worker when it is closed', async () => {
    const extension = await api();
    const uri = inWorkspace('closed.tcpdump');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(LOSSY));
    // As a person does: a document that an extension opens is kept for a while by VS Code.
    await vscode.commands.executeCommand('vscode.open', uri);
    await eventually('the worker', () => extension.texts(uri)?.done);
    await closeAll();
    await eventually('the worker to end', () => extension.texts(uri) === null);
  });
});

describe('the diagram beside a text', () => {
  afterEach(async () => {
    await resetSettings();
    await closeAll();
  });

  /** By the editor, not by its property: what the window reports of the time before would take that back. */
  const select = async (editor: vscode.TextEditor, selection: vscode.Selection): Promise<void> => {
    await eventually('the selection', async () => {
      const { document, viewColumn } = editor;
      await vscode.window.showTextDocument(document, { selection, viewColumn: viewColumn ?? vscode.ViewColumn.One });
      await new Promise((resolve) => setTimeout(resolve, 100));
      const active = vscode.window.activeTextEditor;
      return active?.document === document && active.selection.isEqual(selection);
    });
  };
  const cursorTo = (editor: vscode.TextEditor, line: number): Promise<void> =>
    select(editor, new vscode.Selection(line - 1, 0, line - 1, 0));

  it('shows the segment under the cursor, and follows the cursor', async () => {
    const editor = await showText('follow.tcpdump');
    await cursorTo(editor, FIN);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    await eventually('the FIN', () => extension.active()?.state.row === 12);
    assert.equal(extension.active()?.state.connection, 0);
    const shown = await vscode.window.showTextDocument(editor.document, { viewColumn: vscode.ViewColumn.One });
    await cursorTo(shown, RESET);
    await eventually('the reset', () => extension.shown(editor.document.uri)?.connection === 1);
    assert.equal(extension.shown(editor.document.uri)?.row, 1);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  });

  it('moves the cursor of the text when something is selected in it', async () => {
    const editor = await showText('back.tcpdump');
    await cursorTo(editor, FIN);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    await eventually('the FIN', () => extension.active()?.state.row === 12);
    // Once the diagram is drawn.
    const pressing = setInterval(() => void vscode.commands.executeCommand('tcpTrace.previousSegment'), 300);
    const row = await eventually('a segment before', () => {
      const shown = extension.active()?.state.row ?? 12;
      return shown < 12 && shown;
    });
    clearInterval(pressing);
    // Rows 0 to 8 are lines 2 to 10, and behind two lines of something else, rows 9 to 11 are lines 13 to 15.
    const lineOf = (at: number): number => (at < 9 ? at + 2 : at + 4);
    await eventually('its line', () =>
      vscode.window.visibleTextEditors.some(({ selection }) =>
        [row, extension.active()?.state.row ?? row].some((at) => selection.active.line === lineOf(at) - 1),
      ),
    );
  });

  it('does not call the diagram back, however soon that goes on', async () => {
    const editor = await showText('soon.tcpdump');
    await cursorTo(editor, FIN);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    const row = (): number => extension.active()?.state.row ?? -1;
    const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    /** The row once nothing has changed it for a while. */
    const settledRow = async (): Promise<number> => {
      let last = row();
      for (let quiet = 0; quiet < 10; quiet++) {
        await pause(50);
        if (row() !== last) quiet = 0;
        last = row();
      }
      return last;
    };
    await eventually('the FIN', () => row() === 12);
    await eventually('the diagram, drawn', async () => {
      await vscode.commands.executeCommand('tcpTrace.previousSegment');
      return (await settledRow()) < 12;
    });
    for (const gap of [20, 60, 70, 80, 90, 100]) {
      const from = await settledRow();
      const [command, step] = from > 6 ? ['tcpTrace.previousSegment', -1] : ['tcpTrace.nextSegment', 1];
      await vscode.commands.executeCommand(command);
      await pause(gap);
      await vscode.commands.executeCommand(command);
      assert.equal(await settledRow(), from + 2 * step, `after ${gap} ms`);
    }
  });

  it('stays where it is where following is switched off', async () => {
    await set('followSelection', false);
    const editor = await showText('still.tcpdump');
    await cursorTo(editor, FIN);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    await eventually('the FIN', () => extension.active()?.state.row === 12);
    const shown = await vscode.window.showTextDocument(editor.document, { viewColumn: vscode.ViewColumn.One });
    await cursorTo(shown, RESET);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(extension.shown(editor.document.uri)?.connection, 0);
  });

  it('is there for text that is in no file, which becomes a trace', async () => {
    // As VS Code guesses from the words in it.
    const document = await vscode.workspace.openTextDocument({ content: LOSSY, language: 'clojure' });
    const editor = await vscode.window.showTextDocument(document);
    await cursorTo(editor, REFUSED);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    await eventually('the diagram', () => extension.active()?.state.connection === 1);
    assert.equal(editor.document.languageId, 'tcpdump');
  });

  it('is there for the text that has the focus, whatever trace is shown beside it', async () => {
    const extension = await api();
    await cursorTo(await showText('beside.tcpdump'), FIN);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    await eventually('the diagram of one', () => extension.active()?.state.row === 12);
    const document = await vscode.workspace.openTextDocument({ content: LOSSY, language: 'plaintext' });
    const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
    await cursorTo(editor, REFUSED);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    await eventually('the diagram of the other', () => extension.shown(document.uri)?.connection === 1);
  });

  it('is there for a block of code in Markdown, which stays Markdown', async () => {
    // Of two traces in one text, the one that the cursor is in.
    const other = '1 0.000000 10.0.0.1 → 10.0.0.2 TCP 74 40000 → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460\n';
    const text = `# What I saw\n\n\`\`\`\n${LOSSY}\`\`\`\nand elsewhere\n\`\`\`\n${other}\`\`\`\n`;
    const editor = await showText('issue.md', text);
    await cursorTo(editor, 3 + LOSSY.split('\n').length + 3);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    await eventually('the other trace', async () => (await api()).texts(editor.document.uri)?.connections === 1);
    await vscode.window.showTextDocument(editor.document, { viewColumn: vscode.ViewColumn.One });
    await cursorTo(editor, FIN + 3);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    await eventually('the FIN', () => extension.active()?.state.row === 12);
    assert.equal(editor.document.languageId, 'markdown');
    const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', editor.document.uri, 10);
    assert.deepEqual(
      lenses
        .filter(({ command }) => command?.command === 'tcpTrace.showConnection')
        .map(({ range }) => range.start.line),
      [SYN + 2, REFUSED + 2],
    );
  });

  it('is there for lines that are selected', async () => {
    const editor = await showText('two.md', `${LOSSY}\n${LOSSY}`);
    // The second copy alone: the first would make its SYN one that uses ports again.
    const first = LOSSY.split('\n').length;
    await select(editor, new vscode.Selection(first, 0, editor.document.lineCount - 1, 0));
    const extension = await api();
    // The line of the cursor belongs to no packet, and there are two connections: the user is asked.
    const done = vscode.commands.executeCommand('tcpTrace.showConnection');
    await eventually('two connections', () => extension.texts(editor.document.uri)?.connections === 2);
    const closing = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
    await done;
    clearInterval(closing);
    assert.equal(extension.texts(editor.document.uri)?.frames, 17);
  });

  it('is there for a diff, of what is new in it', async () => {
    const lines = LOSSY.trimEnd().split('\n');
    const diff = ['--- a/trace', '+++ b/trace', `@@ -1,1 +1,${lines.length} @@`, `-${lines[1]!}`];
    const editor = await showText('change.diff', [...diff, ...lines.map((line) => `+${line}`), ''].join('\n'));
    await cursorTo(editor, FIN + diff.length);
    await vscode.commands.executeCommand('tcpTrace.showConnection');
    const extension = await api();
    await eventually('the FIN', () => extension.active()?.state.row === 12);
  });

  it('says so where there is no trace, and lets go of the text', async () => {
    const editor = await showText('diary.md', 'Dear diary, nothing happened.\n');
    const done = vscode.commands.executeCommand('tcpTrace.showConnection');
    const closing = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
    await done;
    clearInterval(closing);
    const extension = await api();
    assert.equal(extension.texts(editor.document.uri), null);
    assert.equal(extension.active(), null);
  });

  it('opens the text of the clipboard', async () => {
    await vscode.env.clipboard.writeText(LOSSY);
    const done = vscode.commands.executeCommand('tcpTrace.openClipboard');
    const extension = await api();
    const found = await eventually('the diagram', () => extension.active());
    const closing = setInterval(() => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'), 100);
    await done;
    clearInterval(closing);
    assert.equal(found.summary?.connections, 2);
    assert.equal(found.uri.scheme, 'untitled');
  });

  it('is what another editor on a text file shows', async () => {
    const editor = await showText('large.tcpdump');
    await vscode.commands.executeCommand(
      'vscode.openWith',
      editor.document.uri,
      'tcpTrace.text',
      vscode.ViewColumn.Two,
    );
    const extension = await api();
    await eventually('the trace', () => extension.active()?.summary?.connections === 2);
    assert.equal(inWorkspace('large.tcpdump').toString(), extension.active()?.uri.toString());
  });
});
