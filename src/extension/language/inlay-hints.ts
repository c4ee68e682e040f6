import * as vscode from 'vscode';
import { otherStateNames, stateText } from '../../core/format/state';
import type { TextPacket } from '../../core/model/text';
import { MAX_ROWS } from '../../protocol';
import type { RegisterFeature } from './features';

/** At the end of a line whose segment moves a state: what it is after it, and what it was. */
export const registerInlayHints: RegisterFeature = (selector, traces) =>
  vscode.languages.registerInlayHintsProvider(selector, {
    async provideInlayHints(document, range, token) {
      const trace = traces.of(document);
      const analysis = await trace?.settled(token);
      if (!trace || !analysis) return [];
      const start = Math.max(1, trace.traceLine(range.start.line));
      const end = Math.min(trace.traceLine(range.end.line) + 1, start + MAX_ROWS);
      if (end <= start) return [];
      const packets = await analysis.query('textPackets', { start, end });
      return packets.flatMap((packet) => {
        const text = changeText(packet);
        const line = trace.documentLine(packet.first + packet.count - 1);
        if (text === null || line >= document.lineCount) return [];
        const hint = new vscode.InlayHint(document.lineAt(line).range.end, text);
        hint.paddingLeft = true;
        hint.tooltip = tooltipOf(packet);
        return [hint];
      });
    },
  });

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
