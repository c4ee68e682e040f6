import * as vscode from 'vscode';
import type { TraceViews } from '../editor/views';
import type { TextCommands } from '../language/commands';
import { inert } from '../../core/format/text';
import { type PlaceLink, placeLinks } from './link';
import { openPlace } from './places';
import { folderOf, resolvePath } from './resolve';

/** Links of one document; more of them are no use to anybody. */
const MAX_LINKS = 2000;
/** Lines of a document in which links are looked for: people write no longer ones. */
const MAX_LINES = 20_000;
const MAX_TERMINAL_LINKS = 20;

/** What the command behind a link gets. */
interface Linked {
  readonly path: string;
  readonly place: PlaceLink['place'];
  /** Address of the folder that the path is from. */
  readonly from: string | null;
}

interface TerminalPlaceLink extends vscode.TerminalLink {
  readonly linked: Linked;
}

/** Links such as `trace.pcap#packet=42` in texts of any language and in terminals: they open the place. */
export function provideLinks(views: TraceViews, texts: TextCommands): vscode.Disposable {
  const open = async ({ path, place, from }: Linked): Promise<void> => {
    const uri = await resolvePath(path, from === null ? null : vscode.Uri.parse(from, true));
    if (uri === null) void vscode.window.showWarningMessage(vscode.l10n.t('{0} was not found.', inert(path)));
    else await openPlace(uri, place, views, texts);
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand('tcpTrace.openLink', open),
    vscode.languages.registerDocumentLinkProvider('*', {
      provideDocumentLinks: (document) =>
        // Asked for after every keystroke: the whole of a long text would have to be put together each time.
        placeLinks(document.lineCount > MAX_LINES ? '' : document.getText(), MAX_LINKS).map((link) => {
          const range = new vscode.Range(document.positionAt(link.start), document.positionAt(link.end));
          const shown = new vscode.DocumentLink(range, commandOf(linkedFrom(link, folderOf(document.uri))));
          shown.tooltip = tooltipOf(link);
          return shown;
        }),
    }),
    vscode.window.registerTerminalLinkProvider(terminalLinks(open)),
  );
}

/** Links in what programs print; a path is from where the terminal is. */
export const terminalLinks = (
  open: (linked: Linked) => void | Thenable<void>,
): vscode.TerminalLinkProvider<TerminalPlaceLink> => ({
  provideTerminalLinks: ({ line, terminal }) =>
    placeLinks(line, MAX_TERMINAL_LINKS).map((link) => ({
      startIndex: link.start,
      length: link.end - link.start,
      tooltip: tooltipOf(link),
      linked: linkedFrom(link, folderOfTerminal(terminal)),
    })),
  handleTerminalLink: ({ linked }) => open(linked),
});

const linkedFrom = ({ path, place }: PlaceLink, from: vscode.Uri | null): Linked => ({
  path,
  place,
  from: from?.toString() ?? null,
});

const commandOf = (linked: Linked): vscode.Uri =>
  vscode.Uri.parse(`command:tcpTrace.openLink?${encodeURIComponent(JSON.stringify([linked]))}`);

const tooltipOf = ({ place }: PlaceLink): string =>
  'packet' in place
    ? vscode.l10n.t('Show packet {0} in the diagram', place.packet)
    : vscode.l10n.t('Show connection #{0}', place.connection);

/** Where a terminal is, as far as its shell tells, else where it was opened. */
function folderOfTerminal({ shellIntegration, creationOptions }: vscode.Terminal): vscode.Uri | null {
  if (shellIntegration?.cwd !== undefined) return shellIntegration.cwd;
  const cwd = 'cwd' in creationOptions ? creationOptions.cwd : undefined;
  return typeof cwd === 'string' ? vscode.Uri.file(cwd) : (cwd ?? null);
}
