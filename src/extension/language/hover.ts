import * as vscode from 'vscode';
import { sentence } from '../text';
import type { RegisterFeature } from './features';
import { hoverMarkdown } from './hover-text';
import { packetAt } from './navigation';

/** On a packet's lines: the decoded segment, its notes with their why, and the states of both ends. */
export const registerHover: RegisterFeature = (selector, traces) =>
  vscode.languages.registerHoverProvider(selector, {
    async provideHover(document, position, token) {
      return traces.of(document)?.ask(token, async (reading) => {
        const { analysis } = reading;
        const packet = await packetAt(reading, position);
        if (packet === null) return null;
        const { connection, row: at } = packet.segment;
        const [[row], [info], reasons, lesson] = await Promise.all([
          analysis.query('segments', { connection, start: at, end: at + 1 }),
          analysis.query('connections', { start: connection, end: connection + 1 }),
          analysis.query('reasons', { connection, row: at }),
          analysis.query('lesson', { connection, row: at }),
        ]);
        if (row === undefined || info === undefined) return null;
        const args = encodeURIComponent(JSON.stringify([document.uri.toString(), connection, at]));
        const showCommand = `command:tcpTrace.showConnection?${args}`;
        const text = new vscode.MarkdownString(hoverMarkdown({ row, info, reasons, lesson, showCommand }, sentence));
        text.isTrusted = { enabledCommands: ['tcpTrace.showConnection'] };
        return new vscode.Hover(text, reading.rangeOf(packet.first, packet.first + packet.count - 1) ?? undefined);
      });
    },
  });
