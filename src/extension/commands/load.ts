import * as vscode from 'vscode';
import { count } from '../../core/format/number';
import { loadedPackets } from '../../core/model/load';
import type { TraceDocument } from '../editor/document';
import { sentence } from '../text';
import { packetRange } from './packet-number';

/**
 * Loads a range of packets instead of what is loaded: the one that is given as it is typed, else asks for it. What was
 * asked to match stays.
 */
export async function loadRange(document: TraceDocument, given: unknown): Promise<void> {
  const { load } = document;
  const text = typeof given === 'string' ? given : await askForRange(document);
  const range = text === undefined ? null : packetRange(text);
  if (range !== null) document.loadPart({ ...load, ...range });
}

function askForRange({ load, summary }: TraceDocument): Thenable<string | undefined> {
  const { first, last } = loadedPackets(summary);
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Load a Range of Packets'),
    prompt: vscode.l10n.t('First and last packet, such as 1000-2000, or 1000- for all from one on'),
    value: load.to === Infinity ? `${last + 1}-` : `${first}-${load.to}`,
    validateInput: (value) =>
      value.trim() === '' || packetRange(value) !== null
        ? undefined
        : vscode.l10n.t('Two packet numbers with a hyphen between them, the lower one first'),
  });
}

/** Loads what matches a filter instead of what is loaded: the one that is given, else asks for it. The range stays. */
export async function loadMatching(document: TraceDocument, given: unknown): Promise<void> {
  const text = typeof given === 'string' ? given : await askForFilter(document);
  if (text === undefined) return;
  const fault = await document.query('loadFilterFault', { text });
  if (fault === null) document.loadPart({ ...document.load, only: text.trim() });
}

function askForFilter(document: TraceDocument): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Load Only What Matches'),
    prompt: vscode.l10n.t('A filter by addresses, ports and protocols, such as {0}', EXAMPLE),
    value: document.load.only,
    placeHolder: EXAMPLE,
    async validateInput(value) {
      const fault = await document.query('loadFilterFault', { text: value });
      return fault === null ? undefined : sentence(fault.message);
    },
  });
}

const EXAMPLE = 'ip.addr == 10.0.0.0/8 && tcp.port == 443';

/** Loads everything, whatever the limit; asks where that may need much memory. */
export async function loadAll(document: TraceDocument): Promise<void> {
  const { summary } = document;
  const packets = summary === null ? 0 : expectedPackets(summary);
  if (packets > ASK_ABOVE) {
    const go = vscode.l10n.t('Load All');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Load some {0} packets?', count(packets)),
      {
        modal: true,
        detail: vscode.l10n.t('That may take {0} GB of memory, at 80 bytes a packet.', Math.ceil((packets * 80) / 1e9)),
      },
      go,
    );
    if (answer !== go) return;
  }
  document.loadPart({ from: 1, to: Infinity, only: '', limited: false });
}

/** Packets above which somebody is asked: at 80 bytes each they take 4 GB. */
const ASK_ABOVE = 50_000_000;

/** Packets of a file by those that were read of it. */
function expectedPackets(summary: NonNullable<TraceDocument['summary']>): number {
  const { part, frames, bytesRead, bytesTotal } = summary;
  return bytesRead > 0 ? Math.round(((part?.read ?? frames) * bytesTotal) / bytesRead) : 0;
}
