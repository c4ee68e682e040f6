import * as vscode from 'vscode';
import { otherStateNames, stateText } from '../../core/format/state';
import type { TextPacket } from '../../core/model/text';
import { MAX_ROWS } from '../../protocol';
import type { RegisterFeature } from './features';
import type { TextReading } from './reading';

/** At the end of a line whose segment moves a state: what it is after it, and what it was. */
export const registerInlayHints: RegisterFeature = (selector, traces) =>
  vscode.languages.registerInlayHintsProvider(selector, {
    onDidChangeInlayHints: traces.onDidReadAnew,
    async provideInlayHints(document, range, token) {
      const hints = await traces.of(document)?.ask(token, async (reading) => {
        const lines = reading.traceLines(range.start.line, range.end.line, MAX_ROWS);
        const packets = await reading.analysis.query('textPackets', lines);
        return packets.flatMap((packet) => hintOf(document, reading, packet));
      });
      return hints ?? [];
    },
  });

function hintOf(document: vscode.TextDocument, reading: TextReading, packet: TextPacket): readonly vscode.InlayHint[] {
  const text = changeText(packet);
  const line = reading.documentLine(packet.first + packet.count - 1);
  if (text === null || line === null) return [];
  const hint = new vscode.InlayHint(document.lineAt(line).range.end, text);
  hint.paddingLeft = true;
  hint.tooltip = tooltipOf(packet);
  return [hint];
}

function tooltipOf({ packet, segment }: TextPacket): string {
  const text = vscode.l10n.t('States after packet {0}, after its departure and its arrival', packet);
  const names = segment === null ? null : otherStateNames([segment.after.client.state, segment.after.server.state]);
  return names === null ? text : `${text}\n${vscode.l10n.t('In textbooks and tools: {0}', names)}`;
}

/** The states that a packet moves, `null` where it moves none. */
function changeText({ segment }: TextPacket): string | null {
  if (segment === null) return null;
  const { before, after } = segment;
  const parts: string[] = [];
  if (stateText(after.client) !== (before && stateText(before.client)))
    parts.push(vscode.l10n.t('client {0}', stateText(after.client)));
  if (stateText(after.server) !== (before && stateText(before.server)))
    parts.push(vscode.l10n.t('server {0}', stateText(after.server)));
  return parts.length === 0 ? null : parts.join(' · ');
}
