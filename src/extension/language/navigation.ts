import * as vscode from 'vscode';
import { placeOf } from '../../core/format/text-place';
import type { LineRange, TextPacket, TextPlace, TextSegment } from '../../core/model/text';
import type { RegisterFeature } from './features';
import type { TextReading } from './reading';

/** From an acknowledgment number to the segment that carried the bytes, and from a segment to all that refer to it. */
export const registerNavigation: RegisterFeature = (selector, traces) =>
  vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(selector, {
      async provideDefinition(document, position, token) {
        const found = await traces.of(document)?.ask(token, async (reading) => {
          const packet = await packetAt(reading, position);
          if (packet === null) return null;
          const ack = packet.marks
            .filter(({ id }) => id === 'tcp.ack')
            .map(({ line, start, end }) => reading.columnsOf(line, start, end))
            .find((range) => range?.contains(position));
          if (!ack) return [];
          const { connection, row } = packet.segment;
          const links = await reading.analysis.query('carriers', { connection, row });
          return links.flatMap((link): vscode.LocationLink[] => {
            const target = link.lines && linesOf(reading, link.lines);
            if (!target) return [];
            const { start } = target;
            return [
              {
                originSelectionRange: ack,
                targetUri: document.uri,
                targetRange: target,
                targetSelectionRange: partOf(reading, link.place) ?? new vscode.Range(start, start),
              },
            ];
          });
        });
        return found ?? [];
      },
    }),
    vscode.languages.registerReferenceProvider(selector, {
      async provideReferences(document, position, { includeDeclaration }, token) {
        const found = await traces.of(document)?.ask(token, async (reading) => {
          const packet = await packetAt(reading, position);
          if (packet === null) return null;
          const { connection, row } = packet.segment;
          const links = await reading.analysis.query('references', { connection, row });
          const own = { lines: packet, place: placeOf(packet.marks, 'sequence') };
          return [...(includeDeclaration ? [own] : []), ...links].flatMap(({ lines, place }) => {
            const range = partOf(reading, place) ?? (lines && linesOf(reading, lines));
            return range ? [new vscode.Location(document.uri, range)] : [];
          });
        });
        return found ?? [];
      },
    }),
  );

/** A packet with a TCP segment. */
export type SegmentPacket = TextPacket & { readonly segment: TextSegment };

/**
 * The packet that a line of the document belongs to; `null` where it belongs to none that has a TCP segment, or the
 * packet's lines have changed since the reading.
 */
export async function packetAt(reading: TextReading, position: vscode.Position): Promise<SegmentPacket | null> {
  const line = reading.traceLine(position.line);
  if (line === null) return null;
  const [packet] = await reading.analysis.query('textPackets', { start: line, end: line + 1 });
  if (packet === undefined || !reading.isSame(packet.first, packet.first + packet.count - 1)) return null;
  const { segment } = packet;
  return segment === null ? null : { ...packet, segment };
}

/** Where a packet's lines are by now; `null` where they have gone. */
const linesOf = (reading: TextReading, { first, count }: LineRange): vscode.Range | null =>
  reading.rangeOf(first, first + count - 1);

/** Where a piece of a line is by now; `null` where it is none, or the line has changed. */
const partOf = (reading: TextReading, place: TextPlace | null): vscode.Range | null =>
  place && reading.columnsOf(place.line, place.start, place.end);
