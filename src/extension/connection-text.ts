import * as vscode from 'vscode';
import { endpointLabel } from '../core/format/endpoint';
import type { ConnectionRow } from '../core/model/connection';
import { problemsText } from './text';

/** A connection's number and endpoints in one line. */
export const connectionLabel = ({ connection, client, server }: ConnectionRow): string =>
  `#${connection} ${endpointLabel(client)} ⇄ ${endpointLabel(server)}`;

/** What became of a connection: the states of client and server, and problems where there are some. */
export const connectionFacts = ({ state, problems }: ConnectionRow): string[] => [
  `${state.client} / ${state.server}`,
  ...(problems > 0 ? [problemsText(problems)] : []),
];

/** Tells connections that were reset from those with problems, and from the rest; words beside it say the same. */
export function connectionIcon({ completeness, problems }: ConnectionRow): vscode.ThemeIcon {
  if (completeness.includes('RST'))
    return new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('problemsErrorIcon.foreground'));
  if (problems > 0) return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  return new vscode.ThemeIcon('arrow-swap');
}
