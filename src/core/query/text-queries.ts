import { firstWhere } from '../bytes/columns';
import { placeOf, placeOfFinding } from '../format/text-place';
import type { ConnectionRow } from '../model/connection';
import { RST } from '../model/flags';
import { message } from '../model/message';
import type { Note } from '../model/segment';
import type {
  LineRange,
  SegmentLink,
  TextConnection,
  TextFinding,
  TextMark,
  TextPacket,
  TextSegment,
} from '../model/text';
import type { Endpoint } from '../tcp/endpoint';
import { FLAG_BITS } from '../tcp/tables';
import type { Tracker } from '../tcp/tracker';
import type { LineIndex } from '../text/line-index';
import type { ConnectionView } from './connection-view';
import type { PacketQueries } from './packet-queries';
import { phasesOf } from './phases';
import { carriersOf, linksOf, type RowLink } from './segment-links';
import { type RowSources, segmentRows } from './segment-rows';
import { tcbOf } from './tcb';
import { MarkList } from './text-marks';

/** Rows of a connection that are replayed in one go rather than one by one. */
const REPLAY_ROWS = 4096;
/** Segments that one answer about findings looks at. */
const LOOKED_AT = 50_000;
/** Rows with findings that one answer makes: each replays its connection from a checkpoint. */
const FINDING_ROWS = 100;

/** What these queries need of a trace. */
export interface TextTrace {
  readonly tracker: Tracker;
  readonly packets: PacketQueries;
  readonly lines: LineIndex;
  rowSources(): RowSources;
  view(connection: number): ConnectionView | null;
}

/** Segments that a survey of findings is worth, beside one that is only looked at. */
const SURVEY_COST = 3;

/** Answers where things stand in a text trace, for an editor that shows the text. */
export class TextQueries {
  /** Connections whose course has been surveyed for findings, which is kept. */
  private readonly surveyed = new Set<number>();

  constructor(private readonly trace: TextTrace) {}

  /** The packets with a line in `[start, end)`. */
  packets(start: number, end: number): TextPacket[] {
    const { lines } = this.trace;
    const frames: number[] = [];
    for (let frame = lines.frameFrom(start); frame < lines.length; frame++) {
      if (lines.linesOf(frame).first >= end) break;
      frames.push(frame);
    }
    return this.textPackets(frames);
  }

  /** The packets of rows `[start, end)` of a connection. */
  connectionPackets(connection: number, start: number, end: number): TextPacket[] {
    const view = this.trace.view(connection);
    if (view === null) return [];
    const { segments } = this.trace.tracker;
    const frames: number[] = [];
    for (let row = Math.max(0, start); row < Math.min(end, view.length); row++) {
      const here = segments.frameOf(view.segments[row]!);
      if (here !== frames.at(-1)) frames.push(here);
    }
    return this.textPackets(frames);
  }

  /** Where a connection stands. */
  connection(row: ConnectionRow): TextConnection {
    const { tracker, lines } = this.trace;
    const view = this.trace.view(row.connection)!;
    const { segments } = tracker;
    const frameAt = (at: number): number => segments.frameOf(view.segments[at]!);
    const lastLine = (at: number): number => endOf(lines.linesOf(frameAt(at))) - 1;
    let together = 1;
    while (together < view.length && frameAt(together) - frameAt(together - 1) <= 1) together++;
    return {
      row,
      first: lines.linesOf(frameAt(0)).first,
      last: lastLine(view.length - 1),
      until: lastLine(together - 1),
      phases: phasesOf(tracker, view).map((phase) => ({
        ...phase,
        first: lines.linesOf(frameAt(phase.start)).first,
        last: lastLine(phase.end - 1),
      })),
    };
  }

  /** The first connection whose first packet ends in a line or behind it; how many there are, where none does. */
  connectionFrom(line: number): number {
    const { tracker, lines } = this.trace;
    const { connections, segments } = tracker;
    const segment = segments.firstFrom(lines.frameFrom(line));
    return firstWhere(connections.length, (connection) => connections.firstSegment(connection) >= segment);
  }

  /** The segments that carried the last of what the one in a row acknowledges. */
  carriers(connection: number, row: number): SegmentLink[] {
    const view = this.trace.view(connection);
    if (view === null || row >= view.length) return [];
    const rows = carriersOf(this.trace.tracker, view, row);
    return this.links(
      view,
      rows.map((at) => ({ row: at, kind: 'same-bytes' })),
    );
  }

  /** The segments that refer to the one in a row. */
  references(connection: number, row: number): SegmentLink[] {
    const view = this.trace.view(connection);
    return view === null || row >= view.length ? [] : this.links(view, linksOf(this.trace.tracker, view, row));
  }

  /**
   * Ranges of lines that can be folded, at most `limit`: packets of one connection that stand together, and packets of
   * several lines.
   */
  folds(limit: number): LineRange[] {
    const { tracker, lines } = this.trace;
    const { segments } = tracker;
    const runs: LineRange[] = [];
    const packets: LineRange[] = [];
    let run = { frame: -1, connection: -1, packets: 0, first: 0, end: 0 };
    const close = (): void => {
      if (run.packets > 1) runs.push({ first: run.first, count: run.end - run.first });
    };
    for (let segment = 0, frame = -1; segment < segments.length && runs.length < limit; segment++) {
      // Of several segments in a packet the first counts.
      if (segments.frameOf(segment) === frame) continue;
      frame = segments.frameOf(segment);
      const here = lines.linesOf(frame);
      const connection = segments.flow[segment]! >> 1;
      if (connection !== run.connection || frame !== run.frame + 1) {
        close();
        run = { frame, connection, packets: 0, first: here.first, end: 0 };
      }
      run.frame = frame;
      run.packets++;
      run.end = endOf(here);
      if (here.count > 1 && packets.length < limit) packets.push(here);
    }
    close();
    return [...runs, ...packets].slice(0, limit);
  }

  /**
   * Findings from a segment on, in the order of the text, at most about `limit`; with `infos` also those that are no
   * problems. `next` is where to go on, `null` at the end.
   */
  findings(start: number, limit: number, infos: boolean): { found: TextFinding[]; next: number | null } {
    const { tracker } = this.trace;
    const { segments } = tracker;
    const sources = this.trace.rowSources();
    const found: TextFinding[] = [];
    let work = LOOKED_AT;
    let rows = FINDING_ROWS;
    for (let segment = start; segment < segments.length; segment++) {
      if (work-- <= 0) return { found, next: segment };
      const connection = segments.flow[segment]! >> 1;
      if (!this.surveyed.has(connection)) {
        this.surveyed.add(connection);
        work -= SURVEY_COST * tracker.connections.segments(connection);
      }
      const notes = infos ? segments.notes[segment]! : segments.notes[segment]! & tracker.problemBits;
      const isReset = (segments.bits[segment]! & FLAG_BITS & RST) !== 0;
      const own = sources.findings.at(connection, segment);
      if (notes === 0 && !isReset && !own.some(({ level }) => infos || level === 'problem')) continue;
      if (found.length >= limit || rows-- <= 0) return { found, next: segment };
      found.push(...this.findingsOf(segment, infos));
    }
    return { found, next: null };
  }

  private findingsOf(segment: number, infos: boolean): TextFinding[] {
    const { tracker, lines } = this.trace;
    const connection = tracker.segments.flow[segment]! >> 1;
    const view = this.trace.view(connection)!;
    const at = view.rowOf(segment);
    const [row] = segmentRows(this.trace.rowSources(), view, at, at + 1);
    if (row === undefined) return [];
    const frame = tracker.segments.frameOf(segment);
    const marks = this.marksOf(frame);
    const about = { packet: row.packet, line: lines.linesOf(frame).first, connection, row: at };
    // What lasts over several segments is listed at the first of them.
    const own = this.trace.rowSources().findings.at(connection, segment);
    const begun = (kind: string): boolean => own.some((one) => one.kind === kind && one.at[0] === segment);
    const goesOn = (kind: string): boolean => own.some((one) => one.kind === kind) && !begun(kind);
    const found = row.notes
      .filter(({ level, kind }) => (infos || level === 'problem') && !goesOn(kind))
      .map((note) => this.finding(about, note, marks));
    // The first sentence about a reset is about that it is one.
    if (row.flags.includes('RST'))
      found.push({
        ...about,
        place: placeOfFinding(marks, 'reset'),
        kind: 'reset',
        level: 'problem',
        text: row.explanation[0] ?? message('Reset'),
        of: null,
      });
    return found;
  }

  private finding(
    about: Pick<TextFinding, 'packet' | 'line' | 'connection' | 'row'>,
    { kind, level, text, of }: Note,
    marks: readonly TextMark[],
  ): TextFinding {
    const other = of === undefined ? null : { packet: of, line: this.trace.lines.linesOf(of - 1).first };
    return { ...about, place: placeOfFinding(marks, kind), kind, level, text, of: other };
  }

  private links(view: ConnectionView, links: readonly RowLink[]): SegmentLink[] {
    const { segments } = this.trace.tracker;
    const { lines } = this.trace;
    return links.map(({ row, kind }) => {
      const here = segments.frameOf(view.segments[row]!);
      return {
        row,
        kind,
        packet: this.trace.tracker.packetOf(view.segments[row]!),
        lines: here < lines.length ? lines.linesOf(here) : null,
        place: placeOf(this.marksOf(here), kind === 'same-bytes' ? 'sequence' : 'acknowledgment'),
      };
    });
  }

  /** The marks of a frame's lines, in the order of the text; none in a capture. */
  private marksOf(frame: number): readonly TextMark[] {
    const marks = new MarkList();
    const bytes = this.trace.packets.marks(frame, marks);
    return bytes === null ? [] : marks.placed(bytes, this.trace.lines.linesOf(frame).first);
  }

  private textPackets(frames: readonly number[]): TextPacket[] {
    const segments = this.segmentsOf(frames);
    return frames.map((frame) => {
      return {
        packet: this.trace.packets.numberOf(frame),
        ...this.trace.lines.linesOf(frame),
        segment: segments.get(frame) ?? null,
        marks: this.marksOf(frame),
      };
    });
  }

  /** The first segment of each frame that has one, with the states around it. */
  private segmentsOf(frames: readonly number[]): Map<number, TextSegment> {
    const { tracker, packets } = this.trace;
    const rows = new Map<number, { readonly view: ConnectionView; readonly rows: number[] }>();
    for (const frame of frames) {
      const segment = packets.firstSegment(frame);
      if (segment < 0) continue;
      const connection = tracker.segments.flow[segment]! >> 1;
      let wanted = rows.get(connection);
      if (wanted === undefined) rows.set(connection, (wanted = { view: this.trace.view(connection)!, rows: [] }));
      wanted.rows.push(wanted.view.rowOf(segment));
    }
    const made = new Map<number, TextSegment>();
    for (const wanted of rows.values()) {
      const first = wanted.rows[0]!;
      const last = wanted.rows.at(-1)!;
      const stretches = last - first < REPLAY_ROWS ? [[first, last]] : wanted.rows.map((row) => [row, row]);
      const asked = new Set(wanted.rows);
      for (const [from, to] of stretches) this.replay(wanted.view, from!, to! + 1, asked, made);
    }
    return made;
  }

  private replay(
    view: ConnectionView,
    start: number,
    end: number,
    asked: ReadonlySet<number>,
    made: Map<number, TextSegment>,
  ): void {
    const { tracker } = this.trace;
    const { segments } = tracker;
    const { connection, clientDirection } = view;
    const { findings } = this.trace.rowSources();
    const lastOfClient = tracker.lastSegmentOf(connection, clientDirection);
    const lastOfServer = tracker.lastSegmentOf(connection, 1 - clientDirection);
    const states = (segment: number, client: Endpoint, server: Endpoint): TextSegment['after'] => ({
      client: shown(client, lastOfClient >= segment),
      server: shown(server, lastOfServer >= segment),
    });
    let before: TextSegment['before'] = null;
    view.replay(start, end, {
      before: (segment, client, server) => (before = states(segment, client, server)),
      after: (row, segment, client, server) => {
        if (!asked.has(row)) return;
        made.set(segments.frameOf(segment), {
          connection,
          row,
          from: (segments.flow[segment]! & 1) === clientDirection ? 'client' : 'server',
          after: states(segment, client, server),
          before,
          problem:
            (segments.notes[segment]! & tracker.problemBits) !== 0 ||
            (segments.bits[segment]! & RST) !== 0 ||
            findings.at(connection, segment).some(({ level }) => level === 'problem'),
        });
      },
    });
  }
}

const endOf = ({ first, count }: LineRange): number => first + count;

const shown = (endpoint: Endpoint, speaksAgain: boolean): TextSegment['after']['client'] => {
  const { state, assumed } = tcbOf(endpoint, speaksAgain);
  return { state, assumed };
};
