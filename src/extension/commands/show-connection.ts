import * as vscode from 'vscode';
import { endpointText } from '../../core/format/endpoint';
import { count } from '../../core/format/number';
import type { ConnectionRow } from '../../core/model/connection';
import type { TraceView } from '../editor/view';
import { problemsText, segmentsText, sentence } from '../text';
import { ConnectionIndex } from './connection-index';

/** A picker with more lines than this is slow to fill, and nobody reads on. */
const MAX_SHOWN = 200;

interface ConnectionItem extends vscode.QuickPickItem {
  readonly connection: number;
}

/** Lets the user choose one of the capture's connections, and shows it. */
export async function showConnection(view: TraceView): Promise<void> {
  const connection = await pick(view);
  if (connection !== undefined) view.reveal(connection, null);
}

async function pick(view: TraceView): Promise<number | undefined> {
  const { document, state } = view;
  const index = new ConnectionIndex(
    (query, params) => document.query(query, params),
    (row) => sentence(row.verdict),
  );
  const picker = vscode.window.createQuickPick<ConnectionItem>();
  picker.title = vscode.l10n.t('Show TCP Connection');
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;

  let open = true;
  /** Counts fillings: a slow one must not replace what a later one shows. */
  let fillings = 0;
  const fill = async (): Promise<void> => {
    const filling = ++fillings;
    const { found, total } = index.find(picker.value, MAX_SHOWN);
    const items = (await index.rows(found)).map(itemOf);
    if (!open || filling !== fillings) return;
    const chosen = picker.activeItems[0]?.connection ?? state.connection;
    picker.items = items;
    const active = items.find((item) => item.connection === chosen) ?? items[0];
    if (active !== undefined) picker.activeItems = [active];
    picker.placeholder =
      total > found.length
        ? vscode.l10n.t(
            '{0} of {1} are shown: type an address, a port, a state or a problem',
            found.length,
            count(total),
          )
        : vscode.l10n.t('An address, a port, a state or a problem');
  };

  /** Loads what the analysis has found so far, and again when it has found more. */
  let loading = false;
  const load = async (): Promise<void> => {
    const { summary } = document;
    if (loading || summary === null) return;
    loading = true;
    const first = index.size === 0;
    await index.load(summary, () => {
      if (first && index.size <= MAX_SHOWN * 3) void fill();
      return open;
    });
    loading = false;
    if (!open) return;
    const more = document.busy || index.size < (document.summary?.connections ?? 0);
    picker.busy = more;
    if (picker.value !== '' || index.size <= MAX_SHOWN || !more) await fill();
  };

  return new Promise((resolve) => {
    const subscriptions = [
      picker,
      picker.onDidChangeValue(() => void fill()),
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item === undefined) return;
        resolve(item.connection);
        picker.hide();
      }),
      picker.onDidHide(() => {
        open = false;
        vscode.Disposable.from(...subscriptions).dispose();
        resolve(undefined);
      }),
      document.onDidChange((change) => {
        if (change === 'progress') void load();
        else picker.hide();
      }),
    ];
    picker.busy = true;
    picker.placeholder = vscode.l10n.t('An address, a port, a state or a problem');
    picker.show();
    void load();
  });
}

function itemOf(row: ConnectionRow): ConnectionItem {
  const description = [
    segmentsText(row.segments),
    ...(row.problems > 0 ? [problemsText(row.problems)] : []),
    `${row.state.client} / ${row.state.server}`,
  ];
  return {
    connection: row.connection,
    iconPath: iconOf(row),
    label: `#${row.connection} ${endpointText(row.client)} ⇄ ${endpointText(row.server)}`,
    description: description.join(' · '),
    detail: sentence(row.verdict),
    // The index has searched already, across all parts; VS Code would search each part alone.
    alwaysShow: true,
  };
}

function iconOf(row: ConnectionRow): vscode.ThemeIcon {
  if (row.completeness.includes('RST'))
    return new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('problemsErrorIcon.foreground'));
  if (row.problems > 0) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  return new vscode.ThemeIcon('arrow-swap');
}
