import { lowerBound } from './bytes/columns';
import { joined } from './bytes/joined';
import { type ByteSource } from './bytes/source';
import { suggest } from './filter/complete';
import { Filters } from './filter/filters';
import { loadFilterFault } from './filter/load-filter';
import type { AddressTable } from './model/addresses';
import { TEXT_ONLY } from './model/capture';
import { lessonOf } from './explain/lesson';
import type { Finding } from './findings/finding';
import { packets as pcapngPackets, packetsHead, type PacketsOptions, type PacketsSource } from './export/connection';
import type { ConnectionRow, Mark, PerSide, Pause, Phase, QuietRun, Sparkline } from './model/connection';
import type { DiagnosisProgress, Thresholds } from './model/diagnosis';
import type { ConnectionIndex, FilterFault, FilterProgress, Suggestions } from './model/filter';
import type { GraphData, GraphKind, GraphProgress } from './model/graph';
import type { LessonPart } from './model/lesson';
import { message } from './model/message';
import type { Notice } from './model/notice';
import type { PacketDetail, PacketRow } from './model/packet';
import { type Endpoint, NOTE_BITS, type NoteReason, type SegmentRow, type Side, type TcpOption } from './model/segment';
import type {
  LineBytes,
  StreamFindProgress,
  StreamMark,
  StreamMatch,
  StreamProgress,
  StreamRow,
  StreamSearch,
  StreamSides,
} from './model/stream';
import type { StateMove, StateMovesProgress } from './model/state-diagram';
import type { StateName } from './model/states';
import { type CaptureSummary } from './model/summary';
import type { LineRange, SegmentLink, TextConnection, TextFinding, TextPacket } from './model/text';
import { ConnectionRows } from './query/connection-rows';
import { ConnectionView } from './query/connection-view';
import { Diagnoses } from './query/diagnoses';
import type { GraphRange } from './query/graph-lines';
import { Graphs } from './query/graphs';
import { Findings, reasonOf } from './query/findings';
import { marks, nextProblem, pauses, quietRuns, sparkline } from './query/landmarks';
import { allPackets, connectionPackets, foundPackets, NOTHING_FOUND, type PacketList } from './query/packet-list';
import { PacketQueries } from './query/packet-queries';
import { packetRow } from './query/packet-rows';
import { ReasonReplay } from './query/reasons';
import { segmentList } from './query/segment-list';
import { type RowSources, segmentRows } from './query/segment-rows';
import { Stream } from './query/stream';
import { tcpContext } from './query/tcp-context';
import { TextLines } from './query/text-lines';
import { TextQueries } from './query/text-queries';
import { RULES } from './rules/registry';
import type { FrameTable } from './tcp/tables';
import type { Tracker } from './tcp/tracker';
import type { TextEvent } from './model/text-event';
import { StateMoveIndex } from './query/state-moves';
import { differingStates } from './query/stated-states';
import type { PacketMemory } from './text/packet-memory';
import { isText, TraceReader, type TraceOptions } from './trace-reader';
import type { TcpContext } from './wire/transport/tcp-describe';
import { decodeOptions } from './wire/transport/tcp-options';

/** Connections whose row index and checkpoints are kept for the views that look at them. */
const KEPT_VIEWS = 8;

/**
 * One trace and its analysis: {@link step} reads and tracks the next batch of packets, everything else answers from
 * what has been read so far. Nothing here is asynchronous; whoever owns it decides when to go on.
 */
export class Trace {
  private readonly frames: FrameTable;
  private readonly tracker: Tracker;
  private readonly addresses: AddressTable;
  private readonly packets: PacketQueries;
  private readonly findings: Findings;
  private readonly connectionRows: ConnectionRows;
  private readonly filters: Filters;
  private readonly moves: StateMoveIndex;
  private readonly graphs: Graphs;
  private readonly diagnoses: Diagnoses;
  private readonly text: TextQueries;
  private readonly views = new Map<number, ConnectionView>();
  /** Where the last question for reasons stopped: the next row of a connection. */
  private reasonReplay: { readonly connection: number; row: number; readonly replay: ReasonReplay } | null = null;

  private readonly streams = new Map<number, Stream>();

  /** The list of a connection's packets that was asked for last. */
  private shownList: { readonly key: string; readonly list: PacketList | null } = { key: '', list: null };

  private constructor(private readonly reader: TraceReader) {
    const { frames, tracker, addresses, names, comments, icmpErrors, lines, input } = reader;
    this.frames = frames;
    this.tracker = tracker;
    this.addresses = addresses;
    this.findings = new Findings(tracker);
    this.graphs = new Graphs(tracker);
    const text = isText(input) ? new TextLines(input.reader.dialect) : null;
    this.packets = new PacketQueries(
      input.source,
      input.reader.interfaces,
      text,
      frames,
      tracker,
      addresses,
      comments,
      (frame) => reader.fragmentsOf(frame),
    );
    this.connectionRows = new ConnectionRows(
      frames,
      tracker,
      addresses,
      names,
      RULES,
      (connection) => (this.views.has(connection) ? this.view(connection)! : new ConnectionView(tracker, connection)),
      (connection) => this.findings.atHand(connection, !reader.done),
      () => reader.cut,
    );
    this.filters = new Filters(frames, tracker, addresses, this.packets, comments);
    this.diagnoses = new Diagnoses({
      tracker,
      frames,
      addresses,
      interfaces: input.reader.interfaces,
      hasBytes: text === null,
      icmpErrors,
      factsOf: (segment) => this.packets.facts(segment),
    });
    this.moves = new StateMoveIndex(tracker);
    this.text = new TextQueries({
      tracker,
      packets: this.packets,
      lines,
      rowSources: () => this.rowSources(),
      view: (connection) => this.view(connection),
    });
  }

  /**
   * Opens a trace, whatever it is called.
   * @param memory what readings of the same text before it was edited have found
   * @throws {CannotOpen} when it is none, or not even its beginning can be read
   */
  static open(source: ByteSource, options: TraceOptions, memory: PacketMemory | null = null): Trace {
    return new Trace(TraceReader.open(source, options, memory));
  }

  /** Reads and tracks the next packets: at most one batch. Returns false when there are no more. */
  step(): boolean {
    const { reader } = this;
    if (reader.done) return false;
    if (reader.step()) return true;
    this.connectionRows.forget();
    for (const notice of differingStates(reader.statedStates, this)) reader.note(notice);
    return false;
  }

  summary(): CaptureSummary {
    return this.reader.summary();
  }

  connections(start: number, end: number): ConnectionRow[] {
    const rows: ConnectionRow[] = [];
    const last = Math.min(end, this.tracker.connections.length);
    for (let connection = Math.max(0, start); connection < last; connection++)
      rows.push(this.connectionRows.row(connection));
    return rows;
  }

  /** Rows `[start, end)` of a connection. Without `quotes`, explanations do not quote what programs and people wrote. */
  segments(connection: number, start: number, end: number, quotes = true): SegmentRow[] {
    const view = this.view(connection);
    if (view === null) return [];
    return segmentRows({ ...this.rowSources(), quotes }, view, Math.max(0, start), end);
  }

  quietRuns(connection: number): QuietRun[] {
    const view = this.view(connection);
    return view === null ? [] : quietRuns(this.tracker, view, this.findings);
  }

  pauses(connection: number, atLeastNs: number, limit: number): Pause[] {
    const view = this.view(connection);
    return view === null ? [] : pauses(this.tracker, view, atLeastNs, limit);
  }

  sparkline(connection: number, bins: number): Sparkline | null {
    if (!this.hasConnection(connection)) return null;
    return sparkline(this.tracker, connection, bins);
  }

  phases(connection: number): Phase[] {
    const view = this.view(connection);
    return view === null ? [] : this.connectionRows.phases(connection, view);
  }

  marks(connection: number, limit: number): Mark[] {
    const view = this.view(connection);
    return view === null ? [] : marks(this.tracker, view, this.findings, this.tracker.problemBits, limit);
  }

  problem(connection: number, row: number, direction: 1 | -1): number | null {
    const view = this.view(connection);
    return view === null
      ? null
      : nextProblem(this.tracker, view, this.findings, this.tracker.problemBits, row, direction);
  }

  /**
   * Walks the next segments of a connection for its graphs and says how far it is; `null` where there is no such
   * connection. Asked again until it is done.
   */
  graphProgress(connection: number): GraphProgress | null {
    return this.hasConnection(connection) ? this.graphs.advance(connection) : null;
  }

  /**
   * A graph of what one side of a connection sends, as far as {@link graphProgress} has come, in a range of time `[from,
   * to]` (nanoseconds since the connection's first segment), thinned to so many pixel columns. Throughput is counted over
   * intervals of so many nanoseconds, 0 for what fits the range.
   */
  graph(connection: number, graph: GraphKind, side: Side, range: GraphRange, intervalNs: number): GraphData | null {
    return this.hasConnection(connection) ? this.graphs.data(connection, graph, side, range, intervalNs) : null;
  }

  /**
   * Does the next part of a diagnosis of the whole capture, held against these thresholds (the defaults where none are
   * given), and says how far it is. Asked again until it is done; whoever stops asking has cancelled it.
   */
  diagnosis(thresholds: Partial<Thresholds>): DiagnosisProgress {
    return this.diagnoses.advance(thresholds);
  }

  /** Does the next part of the work on a filter over the first `packets` packets, and says how far it is. */
  filter(text: string, packets: number): FilterProgress {
    return this.filters.advance(text, packets);
  }

  /** What can be typed at a cursor in a filter, and what is wrong with it. */
  suggest(text: string, cursor: number): Suggestions {
    return suggest(text, cursor);
  }

  /** The connections `[start, end)` of those with a packet that a filter has found. */
  connectionsWith(filter: string, start: number, end: number): ConnectionRow[] {
    const found = this.filters.run(filter)?.connectionsFound() ?? [];
    return [...found.slice(Math.max(0, start), end)].map((connection) => this.connectionRows.row(connection));
  }

  /** Where a connection is among those with a packet that a filter has found; the empty filter finds all. */
  connectionIndex(filter: string, connection: number): ConnectionIndex {
    if (filter === '') {
      const { length } = this.tracker.connections;
      return { length, index: Math.min(connection, length), has: connection < length };
    }
    const found = this.filters.run(filter)?.connectionsFound() ?? new Int32Array(0);
    const index = lowerBound(found, found.length, connection);
    return { length: found.length, index, has: found[index] === connection };
  }

  /** The rows in `[start, end)` of a connection whose packets a filter has found. */
  matches(filter: string, connection: number, start: number, end: number): number[] {
    const view = this.view(connection);
    const run = this.filters.run(filter);
    if (view === null || run === null) return [];
    const { segments } = this.tracker;
    const rows: number[] = [];
    for (let row = Math.max(0, start); row < Math.min(end, view.length); row++)
      if (run.has(segments.frameOf(view.segments[row]!))) rows.push(row);
    return rows;
  }

  /**
   * Packets `[start, end)` of a list: of all or of one connection, all or those that a filter has found so far (the
   * empty filter finds all).
   */
  packetRows(filter: string, connection: number | null, start: number, end: number): PacketRow[] {
    const list = this.packetList(filter, connection);
    const { frames, tracker, addresses, packets } = this;
    const sources = { frames, tracker, addresses, packets, states: this.filters.states };
    const rows: PacketRow[] = [];
    for (let index = Math.max(0, start); index < Math.min(end, list.length); index++)
      rows.push(packetRow(sources, list.frameAt(index), index === 0 ? -1 : list.frameAt(index - 1)));
    return rows;
  }

  /** How long a list is, and where a packet is in it, or would be. */
  packetIndex(filter: string, connection: number | null, packet: number): { length: number; index: number } {
    const list = this.packetList(filter, connection);
    return { length: list.length, index: list.indexOf(this.frames.numbers.frameFrom(packet)) };
  }

  /** Does the next part of putting a connection's bytes together, and says how far it is; `null` where it is not there. */
  stream(connection: number, sides: StreamSides, lineBytes: LineBytes): StreamProgress | null {
    const stream = this.streamOf(connection);
    stream?.step(sides, lineBytes);
    return stream?.progress(sides, lineBytes) ?? null;
  }

  /** Rows `[start, end)` of a connection's stream, as far as it has been put together. */
  streamRows(connection: number, sides: StreamSides, lineBytes: LineBytes, start: number, end: number): StreamRow[] {
    return this.streamOf(connection)?.rows(sides, lineBytes, start, end) ?? [];
  }

  /** Its first row that shows bytes of a row of the connection; -1 where none does. */
  streamRowOf(connection: number, sides: StreamSides, lineBytes: LineBytes, row: number): number {
    return this.streamOf(connection)?.rowOf(sides, lineBytes, row) ?? -1;
  }

  /** Searches the next part of what it carried, and says how far that is; `null` where it is not there. */
  streamFind(connection: number, sides: StreamSides, search: StreamSearch): StreamFindProgress | null {
    return this.streamOf(connection)?.find(sides, search) ?? null;
  }

  /** For each of its rows `[start, end)` the bytes that have been found. */
  streamMarks(
    connection: number,
    sides: StreamSides,
    lineBytes: LineBytes,
    search: StreamSearch,
    start: number,
    end: number,
  ): StreamMark[][] {
    return this.streamOf(connection)?.findMarks(sides, lineBytes, search, start, end) ?? [];
  }

  /** A match that has been found, by its number from 0; `null` where there is none. */
  streamMatch(
    connection: number,
    sides: StreamSides,
    lineBytes: LineBytes,
    search: StreamSearch,
    index: number,
  ): StreamMatch | null {
    return this.streamOf(connection)?.findMatch(sides, lineBytes, search, index) ?? null;
  }

  /** The number of the first match that has been found in a row or behind it; -1 where there is none. */
  streamMatchFrom(
    connection: number,
    sides: StreamSides,
    lineBytes: LineBytes,
    search: StreamSearch,
    row: number,
  ): number {
    return this.streamOf(connection)?.findFrom(sides, lineBytes, search, row) ?? -1;
  }

  /** Its bytes `[from, to)`, at most {@link MAX_STREAM_BYTES}, gaps left out; empty behind its end. */
  streamBytes(connection: number, sides: StreamSides, from: number, to: number): Uint8Array {
    const end = Math.min(to, from + MAX_STREAM_BYTES);
    return this.streamOf(connection)?.bytes(sides, from, end) ?? new Uint8Array(0);
  }

  /** What is wrong with a filter that is to decide which packets are loaded; `null` where nothing is. */
  loadFilterFault(text: string): FilterFault | null {
    return loadFilterFault(text);
  }

  /** Does the next part of replaying the states that {@link packetRows} show; returns how much is done, 0 to 1. */
  replayStates(): number {
    return this.filters.replayStates();
  }

  /** Does the next part of finding where endpoints changed their state, in the whole capture. */
  stateMoves(): StateMovesProgress {
    return this.moves.advance();
  }

  /** Of those from one state to another, `[start, end)`, as far as {@link stateMoves} has come. */
  movesOf(from: StateName, to: StateName, start: number, end: number): StateMove[] {
    return this.moves.movesOf(from, to, start, end);
  }

  packet(packet: number): PacketDetail | null {
    const frame = this.frames.numbers.frameOf(packet);
    if (frame < 0) return null;
    const contexts: TcpContext[] = [];
    const first = this.packets.firstSegment(frame);
    const { segments } = this.tracker;
    if (first >= 0)
      for (let segment = first; segment < segments.length && segments.frameOf(segment) === frame; segment++)
        contexts.push(tcpContext(this.tracker, segment));
    const read = this.packets.detail(frame, contexts);
    const detail = { ...read, layers: this.reader.names.explain(read.layers) };
    const about = this.reader.icmpErrors.get(frame);
    return about === undefined
      ? detail
      : { ...detail, notices: [...detail.notices, icmpNotice(packet, about.connection)] };
  }

  place(packet: number): { packet: number; connection: number | null; row: number | null } | null {
    const frame = this.frames.numbers.frameOf(packet);
    if (frame < 0) return null;
    const segment = this.packets.firstSegment(frame);
    if (segment < 0) return { packet, connection: null, row: null };
    const connection = this.tracker.segments.flow[segment]! >> 1;
    return { packet, connection, row: this.view(connection)!.rowOf(segment) };
  }

  /**
   * Packets of a connection as a pcapng file, in pieces: first its beginning (`start` 0 has it), then the packets of the
   * rows `[start, end)`, each packet once. `null` where the trace holds no packets (text that describes them in words).
   */
  exportPackets(connection: number, start: number, end: number, options: PacketsOptions): Uint8Array | null {
    const view = this.view(connection);
    if (view === null || this.packets.interfaceOf(this.frameOf(view.segments[0]!)).linkType === TEXT_ONLY) return null;
    const frames: number[] = [];
    let last = start > 0 ? this.frameOf(view.segments[start - 1]!) : -1;
    for (let row = Math.max(0, start); row < Math.min(end, view.length); row++) {
      const frame = this.frameOf(view.segments[row]!);
      if (frame === last) continue;
      frames.push(...(this.reader.fragmentsOf(frame) ?? []), frame);
      last = frame;
    }
    const source: PacketsSource = {
      frames: this.frames,
      interfaces: this.reader.input.reader.interfaces,
      bytes: (frame) => this.packets.packetBytes(frame),
      layers: (frame) => this.packets.layers(frame),
      comments: (packet) => this.reader.comments.get(packet) ?? [],
    };
    const written = pcapngPackets(source, frames, options);
    return start > 0 ? written : joined([packetsHead(source), written]);
  }

  /** Where a packet is in a text trace: 1-based lines `[first, first + count)`; `null` in a capture. */
  linesOf(packet: number): { readonly first: number; readonly count: number } | null {
    const frame = this.frames.numbers.frameOf(packet);
    return this.reader.isText && frame >= 0 ? this.reader.lines.linesOf(frame) : null;
  }

  /** What a text trace tells besides packets, in order: system calls, commands, demands of a script. */
  events(): readonly TextEvent[] {
    return this.reader.textEvents;
  }

  /** The 1-based packet that a 1-based line of a text trace belongs to; `null` where it belongs to none. */
  packetAtLine(line: number): number | null {
    const frame = this.reader.lines.frameAt(line);
    return frame < 0 ? null : this.frames.numbers.of(frame);
  }

  /** The packets with a line in `[start, end)`; empty in a capture. */
  textPackets(start: number, end: number): TextPacket[] {
    return this.text.packets(start, end);
  }

  /** The packets of rows `[start, end)` of a connection where they stand in the text; empty in a capture. */
  connectionText(connection: number, start: number, end: number): TextPacket[] {
    return this.reader.isText ? this.text.connectionPackets(connection, start, end) : [];
  }

  /** Connections `[start, end)` where they stand in the text; empty in a capture. */
  textConnections(start: number, end: number): TextConnection[] {
    return this.reader.isText ? this.connections(start, end).map((row) => this.text.connection(row)) : [];
  }

  /** The first connection that begins in a 1-based line of a text or behind it; how many there are, where none does. */
  connectionFrom(line: number): number {
    return this.text.connectionFrom(line);
  }

  /** The segments that carried the last of what the one in a row acknowledges. */
  carriers(connection: number, row: number): SegmentLink[] {
    return this.text.carriers(connection, row);
  }

  /** The segments that refer to the one in a row: its acknowledgment, duplicate ACKs, and what carries the same bytes. */
  references(connection: number, row: number): SegmentLink[] {
    return this.text.references(connection, row);
  }

  /** Ranges of lines that belong together, at most `limit`; empty in a capture. */
  textFolds(limit: number): LineRange[] {
    return this.reader.isText ? this.text.folds(limit) : [];
  }

  /** Findings from a segment on, at their lines, and where to go on; none in a capture. */
  textFindings(start: number, limit: number, infos: boolean): { found: TextFinding[]; next: number | null } {
    return this.reader.isText ? this.text.findings(start, limit, infos) : { found: [], next: null };
  }

  /** The rows of all segments read so far, in file order, each made when the iteration comes to it. */
  allSegments(): Generator<SegmentRow> {
    return segmentList(this.rowSources(new Findings(this.tracker, Infinity)));
  }

  /** What the course of a connection shows, in order; `null` while a long one is looked at (see {@link lookOn}). */
  findingsOf(connection: number): readonly Finding[] | null {
    return this.hasConnection(connection) ? this.findings.of(connection) : null;
  }

  /** Looks on at long connections that somebody has asked about, for some milliseconds. Returns whether there is more. */
  lookOn(): boolean {
    return this.findings.lookOn();
  }

  /** Why the segment in a row has its notes; empty where it has none. */
  reasons(connection: number, row: number): NoteReason[] {
    const view = this.view(connection);
    if (view === null || row >= view.length) return [];
    const own = this.findings.at(connection, view.segments[row]!).map(reasonOf);
    if ((this.tracker.segments.notes[view.segments[row]!]! & NOTE_BITS) === 0) return own;
    let kept = this.reasonReplay;
    // Going on from where the last question stopped is cheap; going back starts over.
    if (kept === null || kept.connection !== connection || kept.row > row) {
      kept = { connection, row: 0, replay: new ReasonReplay(this.tracker, RULES) };
      this.reasonReplay = kept;
    }
    while (kept.row < row) kept.replay.next(view.segments[kept.row++]!, false);
    kept.row++;
    return [...kept.replay.next(view.segments[row]!, true), ...own];
  }

  /** What the segment in a row teaches; empty where that is nothing, and where there is no such row. */
  lesson(connection: number, row: number): LessonPart[] {
    const [segment] = this.segments(connection, row, row + 1);
    return segment === undefined ? [] : this.lessonOf(segment);
  }

  /** What a segment of this trace teaches. */
  lessonOf(segment: SegmentRow): LessonPart[] {
    return lessonOf(segment, () => this.connectionRows.bothOpened(segment.connection));
  }

  /** Reasons of segments that are asked for in file order, all of them. */
  allReasons(): (segment: number) => NoteReason[] {
    const replay = new ReasonReplay(this.tracker, RULES);
    const { flow } = this.tracker.segments;
    const findings = new Findings(this.tracker, Infinity);
    return (segment) => [...replay.next(segment, true), ...findings.at(flow[segment]! >> 1, segment).map(reasonOf)];
  }

  /** Client and server of a connection, which must exist. */
  endpoints(connection: number): PerSide<Endpoint> {
    return this.connectionRows.endpoints(connection);
  }

  /** Time of a packet, which must exist: seconds since 1970-01-01 UTC with nine decimals; `null` where it has none. */
  time(packet: number): string | null {
    const { frames, reader } = this;
    const frame = frames.numbers.frameOf(packet);
    const { untimed } = reader.input.reader.interfaces[frames.interfaceOf(frame)]!;
    return untimed === true || frames.untimed ? null : frames.epochText(frame);
  }

  /** The options of a segment, in order; empty where its bytes cannot be had any more. */
  options(segment: number): TcpOption[] {
    const facts = this.packets.facts(segment);
    return facts === null ? [] : decodeOptions(facts.bytes, MIN_HEADER_BYTES, facts.headerCaptured);
  }

  private rowSources(findings = this.findings): RowSources {
    const { frames, tracker, packets } = this;
    return {
      frames,
      tracker,
      rules: RULES,
      findings,
      factsOf: (segment) => packets.facts(segment),
      commentsOf: (packet) => this.reader.comments.get(packet) ?? [],
      quotes: true,
    };
  }

  private hasConnection(connection: number): boolean {
    return connection >= 0 && connection < this.tracker.connections.length;
  }

  private frameOf(segment: number): number {
    return this.tracker.segments.frameOf(segment);
  }

  /** The stream of a connection, made anew when more of the connection is known. */
  private streamOf(connection: number): Stream | null {
    const view = this.view(connection);
    if (view === null) return null;
    let stream = this.streams.get(connection);
    if (stream?.rowsSeen !== view.length)
      stream = new Stream(this.tracker, view, (segment) => this.filters.payload(segment));
    this.streams.delete(connection);
    if (this.streams.size >= KEPT_STREAMS) this.streams.delete(this.streams.keys().next().value!);
    this.streams.set(connection, stream);
    return stream;
  }

  private packetList(filter: string, connection: number | null): PacketList {
    const { frames, tracker } = this;
    const found = filter === '' ? null : (this.filters.run(filter) ?? NOTHING_FOUND);
    if (connection === null) return found === null ? allPackets(frames.length) : foundPackets(found);
    const view = this.view(connection);
    if (view === null) return allPackets(0);
    const { key, list } = this.shownList;
    const wanted = `${connection} ${view.length} ${found?.length ?? ''} ${filter}`;
    if (key === wanted && list !== null) return list;
    const made = connectionPackets(view, tracker.segments, found);
    this.shownList = { key: wanted, list: made };
    return made;
  }

  /** The view of a connection, made or brought up to date; the least recently used one gives way. */
  private view(connection: number): ConnectionView | null {
    if (!this.hasConnection(connection)) return null;
    let view = this.views.get(connection);
    if (view === undefined) {
      view = new ConnectionView(this.tracker, connection);
      if (this.views.size >= KEPT_VIEWS) this.views.delete(this.views.keys().next().value!);
    } else {
      this.views.delete(connection);
      view.refresh();
    }
    this.views.set(connection, view);
    return view;
  }
}

/** Streams whose places are kept for the views that look at them. */
const KEPT_STREAMS = 2;

/** Bytes of a stream in one answer. */
const MAX_STREAM_BYTES = 1 << 20;

/** An ICMP error quotes the header of the segment that caused it; that is no segment of the connection. */
const icmpNotice = (packet: number, connection: number): Notice => ({
  code: 'icmp-error',
  severity: 'info',
  message:
    connection < 0
      ? message('An ICMP error about a connection that is not in this capture')
      : message('An ICMP error about connection #{0}', connection),
  packet,
});

/** TCP header without options (RFC 9293 §3.1). */
const MIN_HEADER_BYTES = 20;
