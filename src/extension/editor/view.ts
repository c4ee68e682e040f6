import * as vscode from 'vscode';
import type { ToView, ViewBeginning, ViewCommand, ViewState } from '../../protocol';
import { takeStream } from '../commands/stream';
import { saveGraph } from '../export/graph';
import { fileName } from '../text';
import type { DocumentChange, TraceDocument } from './document';
import { makeNonce, pageHtml } from './html';
import { readMessage, rfcAddress, type Refused } from './messages';

/** The editors' names in package.json: for captures, and for text traces too large for a text editor. */
export const VIEW_TYPE = 'tcpTrace.capture';
export const TEXT_VIEW_TYPE = 'tcpTrace.text';

/** The largest picture takes some seconds. */
const PICTURE_MS = 60_000;

/** One editor on a capture: relays between its webview and the document, and remembers what the view shows. */
export class TraceView implements vscode.Disposable {
  /** What the view last said it shows. */
  state: ViewState = { tab: 'connections', connection: null, row: null };
  /** What the view last said it filters by; empty for nothing. */
  filter = '';
  private readonly changed = new vscode.EventEmitter<void>();
  /** The state moved, or the document changed. */
  readonly onDidChange = this.changed.event;
  private readonly stateChanged = new vscode.EventEmitter<void>();
  /** It shows another place. */
  readonly onDidChangeState = this.stateChanged.event;
  private readonly subscriptions: vscode.Disposable[] = [];
  /** Counts pages: an answer to a page that was unloaded must not reach the next one, which counts its ids anew. */
  private page = 0;
  private ready = false;
  /** What to show as soon as there is a page to show it. */
  private readonly pending: ToView[] = [];
  /** Pictures that the page was asked for. */
  private readonly pictures = new Map<number, (png: Uint8Array | null) => void>();
  private lastPicture = 0;

  constructor(
    readonly document: TraceDocument,
    private readonly panel: vscode.WebviewPanel,
    extensionUri: vscode.Uri,
    private readonly beginning: ViewBeginning | null = null,
  ) {
    const { webview } = panel;
    const bundles = vscode.Uri.joinPath(extensionUri, 'dist');
    webview.options = { enableScripts: true, localResourceRoots: [bundles] };
    this.subscriptions.push(
      this.changed,
      this.stateChanged,
      webview.onDidReceiveMessage((data: unknown) => this.receive(data)),
      document.onDidChange((change) => this.documentChanged(change)),
      panel.onDidChangeViewState(() => {
        // A hidden page is unloaded; it says `ready` again when it is back.
        if (!panel.visible) this.ready = false;
      }),
    );
    webview.html = pageHtml({
      language: vscode.env.language,
      title: fileName(document.uri),
      cspSource: webview.cspSource,
      nonce: makeNonce(),
      script: webview.asWebviewUri(vscode.Uri.joinPath(bundles, 'webview.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(bundles, 'webview.css')).toString(),
    });
  }

  get active(): boolean {
    return this.panel.active;
  }

  get visible(): boolean {
    return this.panel.visible;
  }

  /** Shows a place; `row` null shows the connection from its start. */
  reveal(connection: number, row: number | null): void {
    this.show({ type: 'reveal', connection, row, focus: true });
  }

  /** Brings a connection to the front, and leaves the keyboard where the user is. */
  preview(connection: number): void {
    this.panel.reveal(undefined, true);
    this.follow(connection, null);
  }

  /** Shows a place without taking the keyboard from where the user is. */
  follow(connection: number, row: number | null): void {
    this.pending.length = 0;
    this.tell({ type: 'reveal', connection, row, focus: false });
  }

  /** Shows everything again, now or as soon as there is a page. */
  clearFilter(): void {
    this.filter = '';
    this.tell({ type: 'clearFilter' });
    this.changed.fire();
  }

  /** Tells the view something, brings it to the front, and waits for its page where that is not loaded. */
  show(message: ToView): void {
    this.panel.reveal(undefined, false);
    this.tell(message);
  }

  /** A picture in SVG as PNG; `null` where it is too large, or the page does not draw it in time. */
  async rasterise(svg: string): Promise<Uint8Array | null> {
    const id = ++this.lastPicture;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise((resolve) => {
        this.pictures.set(id, resolve);
        timer = setTimeout(() => resolve(null), PICTURE_MS);
        this.show({ type: 'rasterise', id, svg });
      });
    } finally {
      clearTimeout(timer);
      this.pictures.delete(id);
    }
  }

  dispose(): void {
    this.page++;
    for (const give of this.pictures.values()) give(null);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Tells the page something, as soon as there is one. */
  private tell(message: ToView): void {
    if (this.ready) this.post(message);
    else this.pending.push(message);
  }

  private post(message: ToView): void {
    void this.panel.webview.postMessage(message);
  }

  private receive(data: unknown): void {
    const message = readMessage(data);
    switch (message.type) {
      case 'ready':
        this.page++;
        this.ready = true;
        this.init();
        this.pending.splice(0).forEach((waiting) => this.post(waiting));
        break;
      case 'query':
        void this.answer(message.id, this.document.relay(message.query, message.params));
        break;
      case 'command':
        this.command(message.command);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        break;
      case 'stream':
        void takeStream(this.document, message.action, message.connection, message.sides);
        break;
      case 'saveGraph':
        void saveGraph(this, message);
        break;
      case 'picture':
        this.pictures.get(message.id)?.(message.png);
        break;
      case 'openRfc': {
        const address = rfcAddress(message.rfc, message.section);
        if (address !== null) void vscode.env.openExternal(vscode.Uri.parse(address, true));
        break;
      }
      case 'filter':
        this.filter = message.text;
        this.changed.fire();
        break;
      case 'state':
        this.state = message.state;
        this.changed.fire();
        this.stateChanged.fire();
        break;
      case 'refused':
        this.refuse(message);
        break;
    }
  }

  private command(command: ViewCommand): void {
    if (command === 'cancel') this.document.cancel();
    else if (command === 'retry') this.document.restart();
    else if (command === 'diagnosisSettings')
      void vscode.commands.executeCommand('workbench.action.openSettings', 'tcpTrace.diagnosis');
    else void vscode.commands.executeCommand(`tcpTrace.${command}`);
  }

  private async answer(id: number, result: Promise<unknown>): Promise<void> {
    const { page } = this;
    const answer: ToView = await result.then(
      (value) => ({ type: 'answer', id, ok: true, result: value }),
      (error: unknown) => ({
        type: 'answer',
        id,
        ok: false,
        error: error instanceof Error ? error.message : String(error),
      }),
    );
    if (page === this.page) this.post(answer);
  }

  private refuse({ id, error }: Refused): void {
    if (id !== null) this.post({ type: 'answer', id, ok: false, error });
  }

  private documentChanged(change: DocumentChange): void {
    if (change === 'reloaded') this.init();
    else this.sendProgress();
    this.changed.fire();
  }

  private init(): void {
    if (!this.ready) return;
    this.post({
      type: 'init',
      name: fileName(this.document.uri),
      source: this.document.uri.toString(),
      beginning: this.beginning,
      l10n: translations(),
      language: vscode.env.language,
    });
    this.sendProgress();
  }

  private sendProgress(): void {
    if (!this.ready) return;
    const { failure, summary } = this.document;
    if (failure !== null) this.post({ type: 'failed', message: failure });
    else if (summary !== null) this.post({ type: 'progress', summary });
  }
}

/** The bundle of the display language, by the English texts; empty for English. */
const translations = (): Readonly<Record<string, string>> => ({ ...vscode.l10n.bundle });
