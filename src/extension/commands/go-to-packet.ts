import * as vscode from 'vscode';
import { count } from '../../core/format/number';
import type { PacketPlace } from '../../protocol';
import type { TraceView } from '../editor/view';
import { packetNumber } from './packet-number';

/** Asks for a packet number and shows that packet, in whichever connection it is. */
export async function goToPacket(view: TraceView): Promise<void> {
  const { document } = view;
  const place = async (text: string): Promise<PacketPlace | string> => {
    const last = document.summary?.frames ?? 0;
    if (last === 0) return vscode.l10n.t('This capture has no packets.');
    const packet = packetNumber(text);
    if (packet === null) return vscode.l10n.t('Type a whole number: packets count from 1 to {0}.', count(last));
    if (packet < 1 || packet > last)
      return vscode.l10n.t('There is no packet {0}: packets count from 1 to {1}.', packet, count(last));
    const found = await document.query('place', { packet });
    return found === null || found.connection === null
      ? vscode.l10n.t('Packet {0} has no TCP segment.', packet)
      : found;
  };

  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to Packet'),
    prompt: vscode.l10n.t('Packet number, from 1 to {0}', count(document.summary?.frames ?? 0)),
    async validateInput(value) {
      if (value.trim() === '') return undefined;
      const found = await place(value);
      return typeof found === 'string' ? found : undefined;
    },
  });
  if (text === undefined || text.trim() === '') return;
  const found = await place(text);
  if (typeof found !== 'string' && found.connection !== null) view.reveal(found.connection, found.row);
}
