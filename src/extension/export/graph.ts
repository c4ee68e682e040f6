import * as vscode from 'vscode';
import type { ToHost } from '../../protocol';
import type { TraceView } from '../editor/view';
import { besideTrace, tellOf } from './target';

type Graph = Extract<ToHost, { type: 'saveGraph' }>;

/** Asks where to save a graph that a view has drawn, and saves it: as SVG, or as PNG where the name ends so. */
export async function saveGraph(view: TraceView, { connection, graph, svg }: Graph): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the Graph'),
    defaultUri: besideTrace(view.document.uri, `${connection}-${graph}.svg`),
    filters: { [vscode.l10n.t('Picture (SVG)')]: ['svg'], [vscode.l10n.t('Picture (PNG)')]: ['png'] },
  });
  if (target === undefined) return;
  const isPixels = target.path.toLowerCase().endsWith('.png');
  const content = isPixels ? await view.rasterise(svg) : new TextEncoder().encode(svg);
  if (content === null) {
    void vscode.window.showErrorMessage(vscode.l10n.t('The graph could not be drawn. Save it as SVG instead.'));
    return;
  }
  await vscode.workspace.fs.writeFile(target, content);
  await tellOf(target);
}
