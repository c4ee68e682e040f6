import * as vscode from 'vscode';
import { otherStateNames, stateText } from '../../core/format/state';
import type { Side } from '../../core/model/segment';
import type { TextPacket } from '../../core/model/text';
import { MAX_ROWS } from '../../protocol';
import { translate } from '../text';
import type { RegisterFeature } from './features';
import { ENDPOINT_MARKS } from './highlights';
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
  const line = reading.documentLine(lineOf(packet));
  if (text === null || line === null) return [];
  const hint = new vscode.InlayHint(document.lineAt(line).range.end, text);
  hint.paddingLeft = true;
  hint.tooltip = tooltipOf(packet);
  return [hint];
}

/** Marks of what the lines of a packet hold beside the segment's own. */
const BESIDE = new Set(['hex', 'text', 'comment', 'code']);

/**
 * The line at whose end a packet's hint stands: where what is told of its segment ends, before its bytes or its payload.
 * Where every field has a line of its own, that is the line of the flags, which move states. 1-based.
 */
function lineOf({ first, count, marks }: TextPacket): number {
  const told = marks.filter(({ id }) => !BESIDE.has(id));
  const start = told.find(({ id }) => id === 'tcp.flags') ?? told.findLast(({ id }) => ENDPOINT_MARKS.includes(id));
  if (start === undefined) return first + count - 1;
  const lines = new Set(told.map(({ line }) => line));
  let { line } = start;
  while (lines.has(line + 1)) line++;
  return line;
}

function tooltipOf({ packet, segment }: TextPacket): string {
  const lines = [vscode.l10n.t('States after packet {0}, after its departure and its arrival', packet)];
  const ends = segment === null ? [] : [segment.after.client, segment.after.server];
  if (ends.some(({ assumed }) => assumed))
    lines.push(translate('(STATE) is assumed: that end sends nothing any more that would prove it.'));
  const names = otherStateNames(ends.map(({ state }) => state));
  if (names !== null) lines.push(vscode.l10n.t('In textbooks and tools: {0}', names));
  return lines.join('\n');
}

/** The states that a packet moves, `null` where it moves none. What is not known is no news at the start. */
function changeText({ segment }: TextPacket): string | null {
  if (segment === null) return null;
  const { before, after } = segment;
  const isNew = (side: Side): boolean =>
    before === null ? after[side].state !== null : stateText(after[side]) !== stateText(before[side]);
  const parts: string[] = [];
  if (isNew('client')) parts.push(vscode.l10n.t('client {0}', stateText(after.client)));
  if (isNew('server')) parts.push(vscode.l10n.t('server {0}', stateText(after.server)));
  return parts.length === 0 ? null : parts.join(' · ');
}
