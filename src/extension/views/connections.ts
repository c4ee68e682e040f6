import * as vscode from 'vscode';
import { endpointLabel } from '../../core/format/endpoint';
import { count } from '../../core/format/number';
import { inert, capitalised } from '../../core/format/text';
import type { ConnectionRow } from '../../core/model/connection';
import type { ActiveTrace, ShownTrace } from '../active-trace';
import { connectionFacts, connectionIcon, connectionLabel } from '../connection-text';
import type { TraceDocument } from '../editor/document';
import { connectionsText, fileName, segmentsText, sentence } from '../text';
import { FilteredConnections } from './filtered';
import { type Page, PAGE_LINES, pagesOf, pathTo } from './pages';

/** The view's name in package.json. */
export const CONNECTIONS_VIEW = 'tcpTrace.connections';

/** A connection in the tree; commands of its menu get it. */
export interface ConnectionElement {
  readonly kind: 'connection';
  /** Address of the trace. */
  readonly source: string;
  readonly row: ConnectionRow;
  /** Where it is in the list: its number, unless the list is filtered. */
  readonly index: number;
}

interface PageElement extends Page {
  readonly kind: 'page';
  readonly source: string;
  /** What the list is filtered by; empty for nothing. */
  readonly filter: string;
}

export type TreeElement = PageElement | ConnectionElement;

export const isConnectionElement = (value: unknown): value is ConnectionElement =>
  (value as ConnectionElement | undefined)?.kind === 'connection';

/** While a capture is read, the list is taken in anew at most this often; one of many lines takes the host a while. */
const REFRESH_MS = 1000;
const REFRESH_MANY_MS = 5000;
/** Rows of a page that are asked for at once: what the view asks for meanwhile need not wait for all of the page. */
const ROWS_AT_ONCE = 100;

/**
 * The connections of the active trace in the side bar, of those that its view's filter finds: the table's list, opened
 * page by page where there are many.
 */
export class ConnectionsTree implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly tree: vscode.TreeView<TreeElement>;
  private shown: ShownTrace | null = null;
  private listening: vscode.Disposable | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly context = new Map<string, boolean>();
  private readonly filtered = new FilteredConnections(() => this.take());
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly active: ActiveTrace) {
    this.tree = vscode.window.createTreeView(CONNECTIONS_VIEW, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions = vscode.Disposable.from(
      this.tree,
      this.changed,
      active.onDidChange(() => this.follow()),
      this.tree.onDidChangeVisibility(() => void this.select()),
    );
    this.follow();
  }

  /** What stands above the list: why there is none, or that it is still read; empty where there is one. */
  get message(): string {
    return this.tree.message ?? '';
  }

  /** The connection that is selected, by its number. */
  get selected(): number | null {
    const [element] = this.tree.selection;
    const isShown = element?.source === this.shown?.document.uri.toString();
    return isShown && isConnectionElement(element) ? element.row.connection : null;
  }

  async getChildren(element?: TreeElement): Promise<TreeElement[]> {
    const document = this.shown?.document;
    const { total } = this;
    if (document === undefined || total === 0 || element?.kind === 'connection') return [];
    const source = document.uri.toString();
    const filter = this.filtered.text;
    const range = element ?? { start: 0, end: total };
    const pages = pagesOf(range);
    if (pages.length > 0) return pages.map((page) => ({ kind: 'page', source, filter, ...page }));
    const children: TreeElement[] = [];
    for (let start = range.start; start < range.end; start += ROWS_AT_ONCE) {
      const end = Math.min(range.end, start + ROWS_AT_ONCE);
      const asked =
        filter === '' ? document.query('connections', { start, end }) : this.filtered.rows(document, start, end);
      const rows = await asked.catch(() => []);
      children.push(...rows.map((row, at) => ({ kind: 'connection' as const, source, row, index: start + at })));
    }
    return children;
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const path = pathTo(element.kind === 'page' ? element.start : element.index, this.total);
    const at =
      element.kind === 'page' ? path.findIndex(({ start, end }) => isSame({ start, end }, element)) : path.length;
    const parent = path[at - 1];
    return parent && { kind: 'page', source: element.source, filter: this.filtered.text, ...parent };
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    return element.kind === 'page' ? pageItem(element) : connectionItem(element);
  }

  resolveTreeItem(item: vscode.TreeItem, element: TreeElement): vscode.TreeItem {
    if (element.kind === 'connection')
      item.tooltip = [
        connectionLabel(element.row),
        [segmentsText(element.row.segments), ...connectionFacts(element.row)].join(' · '),
        capitalised(inert(sentence(element.row.verdict.sentence))),
      ].join('\n');
    return item;
  }

  /** Shows a connection in the trace's view, with the keyboard. */
  show({ source, row: { connection } }: ConnectionElement): void {
    const { shown } = this;
    if (shown?.document.uri.toString() === source) shown.open().reveal(connection, null);
  }

  /** Shows it, and leaves the keyboard in the list. */
  preview({ source, row: { connection } }: ConnectionElement): void {
    const { shown } = this;
    if (shown?.document.uri.toString() === source) shown.open().preview(connection);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening?.dispose();
    this.filtered.dispose();
    this.subscriptions.dispose();
  }

  /** Connections in the list. */
  private get total(): number {
    const { text, found } = this.filtered;
    return text === '' ? (this.shown?.document.summary?.connections ?? 0) : found;
  }

  private follow(): void {
    const shown = this.active.now;
    const isOther = shown?.document !== this.shown?.document;
    this.shown = shown;
    this.setContext('tcpTrace.hasTrace', shown !== null);
    if (isOther) {
      this.listening?.dispose();
      const document = shown?.document;
      this.listening = document?.onDidChange((change) => this.refresh(change === 'progress' && document.busy)) ?? null;
    }
    if (isOther || (shown?.view?.filter ?? '') !== this.filtered.wanted) this.refresh(false);
    void this.select();
  }

  /** Takes the list in anew, with `later` when that was not done a moment ago. */
  private refresh(later: boolean): void {
    if (later) {
      const isLong = this.total > PAGE_LINES;
      this.timer ??= setTimeout(() => this.refresh(false), isLong ? REFRESH_MANY_MS : REFRESH_MS);
      return;
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    this.filtered.follow(this.shown?.document ?? null, this.shown?.view?.filter ?? '');
    this.take();
  }

  /** Shows the list as it is known now. */
  private take(): void {
    const document = this.shown?.document;
    this.setContext('tcpTrace.filtered', this.filtered.wanted !== '');
    this.tree.description = document === undefined ? '' : fileName(document.uri);
    this.tree.message = document === undefined ? '' : messageOf(document, this.filtered);
    this.changed.fire();
    void this.select();
  }

  /** Selects the connection that the view shows. */
  private async select(): Promise<void> {
    const { tree, shown } = this;
    const connection = shown?.view?.state.connection ?? null;
    if (!tree.visible || shown === null || connection === null || connection === this.selected) return;
    try {
      const { text: filter } = this.filtered;
      const [[row], { index, has }] = await Promise.all([
        shown.document.query('connections', { start: connection, end: connection + 1 }),
        shown.document.query('connectionIndex', { filter, connection }),
      ]);
      if (row === undefined || !has || shown !== this.shown || filter !== this.filtered.text) return;
      if (!tree.visible || connection === this.selected || index >= this.total) return;
      const source = shown.document.uri.toString();
      await tree.reveal({ kind: 'connection', source, row, index }, { select: true, focus: false });
    } catch {
      // The trace was closed or read anew meanwhile: what comes next selects again.
    }
  }

  private setContext(key: string, value: boolean): void {
    if (this.context.get(key) === value) return;
    this.context.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}

const isSame = (a: Page, b: Page): boolean => a.start === b.start && a.end === b.end;

function messageOf(
  { failure, summary, busy }: TraceDocument,
  { text, found, wanted, pending }: FilteredConnections,
): string {
  if (failure !== null) return sentence(failure);
  const all = summary?.connections ?? 0;
  if (all === 0) return busy ? vscode.l10n.t('Reading…') : vscode.l10n.t('There is no TCP connection in this trace.');
  if (pending) return vscode.l10n.t('Filtering by {0} …', inert(wanted));
  const part = summary?.part == null ? '' : vscode.l10n.t('Only a part of the packets is loaded.');
  const filtered =
    text === '' ? '' : vscode.l10n.t('Filtered by {0}: {1} of {2}', inert(text), count(found), connectionsText(all));
  return [part, filtered].filter(Boolean).join(' ');
}

/** A page of all connections is called by their numbers; one of a filtered list by places in it. */
function pageItem({ source, filter, start, end }: PageElement): vscode.TreeItem {
  const state = start === 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  const name = filter === '' ? `#${start} – #${end - 1}` : `${count(start + 1)} – ${count(end)}`;
  const item = new vscode.TreeItem(name, state);
  item.id = `${source}#connections=${start}-${end}${filter === '' ? '' : `&${filter}`}`;
  item.description = connectionsText(end - start);
  return item;
}

function connectionItem(element: ConnectionElement): vscode.TreeItem {
  const { source, row } = element;
  const item = new vscode.TreeItem(connectionLabel(row));
  const facts = connectionFacts(row).join(' · ');
  item.id = `${source}#connection=${row.connection}`;
  item.description = facts;
  item.iconPath = connectionIcon(row);
  item.contextValue = 'connection';
  const [client, server] = [endpointLabel(row.client), endpointLabel(row.server)];
  item.accessibilityInformation = {
    label: vscode.l10n.t('Connection {0}, {1} to {2}, {3}', row.connection, client, server, facts),
  };
  item.command = {
    command: 'tcpTrace.previewConnection',
    title: vscode.l10n.t('Show in the diagram'),
    arguments: [element],
  };
  return item;
}
