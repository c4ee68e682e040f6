import * as vscode from 'vscode';
import { render } from '../core/format/message';
import { count } from '../core/format/number';
import { inert } from '../core/format/text';
import type { Message } from '../core/model/message';

/** An English text of the core in the display language; the text itself where the bundle lacks it. */
export const translate = (english: string): string => vscode.l10n.bundle?.[english] ?? english;

/** The sentence in the display language. */
export const sentence = (message: Message): string => render(message, translate);

export const connectionsText = (amount: number): string =>
  amount === 1 ? vscode.l10n.t('1 connection') : vscode.l10n.t('{0} connections', count(amount));

export const packetsText = (amount: number): string =>
  amount === 1 ? vscode.l10n.t('1 packet') : vscode.l10n.t('{0} packets', count(amount));

export const segmentsText = (amount: number): string =>
  amount === 1 ? vscode.l10n.t('1 segment') : vscode.l10n.t('{0} segments', count(amount));

export const problemsText = (amount: number): string =>
  amount === 1 ? vscode.l10n.t('1 problem') : vscode.l10n.t('{0} problems', count(amount));

/** The last part of a path, as people call the file; names can carry anything, so it is made inert. */
export const fileName = (uri: vscode.Uri): string => inert(uri.path.slice(uri.path.lastIndexOf('/') + 1));
