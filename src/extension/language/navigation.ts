import * as vscode from 'vscode';
import type { LineRange, SegmentLink, TextMark, TextPacket } from '../../core/model/text';
import type { TraceDocument } from '../editor/document';
import type { RegisterFeature } from './features';
import type { TextTrace, TextTraces } from './traces';

/** From an acknowledgment number to the segment that carried the bytes, and from a segment to all that refer to it. */
export const registerNavigation: RegisterFeature = (selector, traces) =>
  vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position, token) {
        const here = await packetAt(traces, document, position, token);
        if (here === null || here.packet.segment === null) return [];
        const { trace, analysis, packet } = here;
        const ack = packet.marks.find((mark) => mark.id === 'tcp.ack' && covers(trace, mark, position));
        if (ack === undefined) return [];
        const { connection, row } = packet.segment!;
        const links = await analysis.query('carriers', { connection, row });
        const originSelectionRange = trace.columnsOf(ack.line, ack.start, ack.end);
        return links.flatMap(({ lines }): vscode.LocationLink[] => {
          if (lines === null) return [];
          const target = linesRange(trace, lines);
          const { start } = target;
          return [
            {
              originSelectionRange,
              targetUri: document.uri,
              targetRange: target,
              targetSelectionRange: new vscode.Range(start, start),
            },
          ];
        });
      },
    }),
    vscode.languages.registerReferenceProvider(selector, {
      async provideReferences(document, position, { includeDeclaration }, token) {
        const here = await packetAt(traces, document, position, token);
        if (here === null || here.packet.segment === null) return [];
        const { trace, analysis, packet } = here;
        const { connection, row } = packet.segment!;
        const links: readonly SegmentLink[] = await analysis.query('references', { connection, row });
        const places = links.flatMap(({ lines }) => (lines === null ? [] : [lines]));
        if (includeDeclaration) places.unshift(packet);
        return places.map((lines) => new vscode.Location(document.uri, linesRange(trace, lines)));
      },
    }),
  );

interface PacketHere {
  readonly trace: TextTrace;
  readonly analysis: TraceDocument;
  readonly packet: TextPacket;
}

/** The packet that a line belongs to, once the text was read; `null` where it belongs to none. */
export async function packetAt(
  traces: TextTraces,
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<PacketHere | null> {
  const trace = traces.of(document);
  const analysis = await trace?.settled(token);
  if (!trace || !analysis) return null;
  const line = trace.traceLine(position.line);
  if (line < 1) return null;
  const [packet] = await analysis.query('textPackets', { start: line, end: line + 1 });
  return packet === undefined ? null : { trace, analysis, packet };
}

const covers = (trace: TextTrace, { line, start, end }: TextMark, position: vscode.Position): boolean =>
  trace.columnsOf(line, start, end).contains(position);

const linesRange = (trace: TextTrace, { first, count }: LineRange): vscode.Range =>
  trace.rangeOf(first, first + count - 1);
