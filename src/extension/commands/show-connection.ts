import * as vscode from 'vscode';
import { capitalised } from '../../core/format/text';
import type { ConnectionRow } from '../../core/model/connection';
import type { TraceQueries } from '../../protocol';
import { connectionFacts, connectionIcon, connectionLabel } from '../connection-text';
import type { TraceDocument } from '../editor/document';
import type { TraceView } from '../editor/view';
import { segmentsText, sentence } from '../text';

/** A picker with more lines than this is slow to fill, and nobody reads on. */
const MAX_SHOWN = 200;

/** Whoever types on within this time does not want to know what fits so far. */
const TYPING_MS = 60;

type FoundConnections = TraceQueries['findConnections']['result'];

interface ConnectionItem extends vscode.QuickPickItem {
  /** `null` for a line that only says something. */
  readonly connection: number | null;
}

/** Lets the user choose one of the capture's connections, and shows it. */
export async function showConnection(view: TraceView): Promise<void> {
  const connection = await new ConnectionPicker(view.document, view.state.connection).choose();
  if (connection !== null) view.reveal(connection, null);
}

/** A picker over all connections of a document, also while the analysis runs. */
class ConnectionPicker {
  private readonly picker = vscode.window.createQuickPick<ConnectionItem>();
  private open = true;
  /** Counts searches: an older one ends as soon as a later one has begun. */
  private searches = 0;

  /** @param shown the connection that the view shows now */
  constructor(
    private readonly document: TraceDocument,
    private readonly shown: number | null,
  ) {
    this.picker.title = vscode.l10n.t('Show TCP Connection');
    this.picker.placeholder = vscode.l10n.t('An address, a port, a state or a problem');
    this.picker.matchOnDescription = true;
    this.picker.matchOnDetail = true;
  }

  /** The chosen connection, or `null`. */
  choose(): Promise<number | null> {
    const { picker, document } = this;
    return new Promise((resolve) => {
      const subscriptions = [
        picker,
        picker.onDidChangeValue(() => this.search()),
        picker.onDidAccept(() => {
          const connection = picker.selectedItems[0]?.connection ?? null;
          if (connection === null) return;
          resolve(connection);
          picker.hide();
        }),
        picker.onDidHide(() => {
          this.open = false;
          vscode.Disposable.from(...subscriptions).dispose();
          resolve(null);
        }),
        document.onDidChange((change) => {
          if (change !== 'progress') picker.hide();
          else if (!picker.busy) this.search();
        }),
      ];
      picker.show();
      this.search();
    });
  }

  private search(): void {
    // A query fails when the capture was closed or its worker crashed: there is nothing to choose any more.
    this.find(++this.searches).catch(() => {
      if (this.open) this.picker.hide();
    });
  }

  /** Shows the first connections that fit what was typed, as they are found. */
  private async find(search: number): Promise<void> {
    const { picker, document } = this;
    const text = picker.value;
    picker.busy = true;
    if (text !== '') await new Promise((resolve) => setTimeout(resolve, TYPING_MS));
    if (!this.open || search !== this.searches) return;
    const items: ConnectionItem[] = [];
    let next: number | null = document.summary === null ? null : 0;
    while (next !== null && items.length < MAX_SHOWN) {
      const answer: FoundConnections = await document.query('findConnections', {
        text,
        start: next,
        limit: MAX_SHOWN - items.length,
      });
      if (!this.open || search !== this.searches) return;
      items.push(...answer.found.map(itemOf));
      next = answer.next;
      if (answer.found.length > 0) this.show(items);
    }
    if (items.length === 0) this.show(text === '' ? [] : [NOTHING_FOUND]);
    // More than fit: the last line says so.
    else if (next !== null) this.show([...items, moreThan(items.length)]);
    picker.busy = false;
    await this.prepare(search);
  }

  /** Has the worker make what a search for a word needs while nobody searches: a first search would wait for it. */
  private async prepare(search: number): Promise<void> {
    const { document } = this;
    for (let next: number | null = 0; next !== null && this.open && search === this.searches && !document.busy;)
      next = await document.query('prepareFinding', { start: next });
  }

  private show(items: readonly ConnectionItem[]): void {
    const { picker } = this;
    const chosen = picker.activeItems[0]?.connection ?? this.shown;
    picker.items = items;
    const active = items.find((item) => item.connection === chosen) ?? items[0];
    if (active !== undefined) picker.activeItems = [active];
  }
}

const NOTHING_FOUND: ConnectionItem = {
  connection: null,
  label: vscode.l10n.t('No connection has all of these words'),
  alwaysShow: true,
};

const moreThan = (shown: number): ConnectionItem => ({
  connection: null,
  label: vscode.l10n.t('… and more'),
  description: vscode.l10n.t(
    'The first {0} are shown: type an address, a port, a state or a problem',
    shown.toLocaleString(vscode.env.language),
  ),
  alwaysShow: true,
});

function itemOf(row: ConnectionRow): ConnectionItem {
  return {
    connection: row.connection,
    iconPath: connectionIcon(row),
    label: connectionLabel(row),
    description: [segmentsText(row.segments), ...connectionFacts(row)].join(' · '),
    detail: capitalised(sentence(row.verdict.sentence)),
    // The index has searched already, across all parts; VS Code would search each part alone.
    alwaysShow: true,
  };
}
