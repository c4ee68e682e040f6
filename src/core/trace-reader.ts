import { type ByteSource, ReadError } from './bytes/source';
import { FrameBatch } from './capture/batch';
import { describeCapture, type OpenedCapture, openCapture, openCompressed } from './capture/detect';
import { describeUnknown } from './capture/unknown';
import type { IcmpError } from './diagnosis/context';
import { Loading } from './loading';
import { AddressTable } from './model/addresses';
import { NOT_A_PACKET, TEXT_ONLY } from './model/capture';
import { LOAD_ALL, type Load } from './model/load';
import { type Message, message } from './model/message';
import type { Notice } from './model/notice';
import { type CaptureSummary, type LinkTypeCount, MAX_NOTICES } from './model/summary';
import { HostNames } from './query/host-names';
import { RULES } from './rules/registry';
import { PARTLY_HIDDEN } from './tcp/connection-table';
import { FrameTable } from './tcp/tables';
import { Tracker } from './tcp/tracker';
import { type OpenedText, openText } from './text/detect';
import { noPlace, type PacketPlace, type TextSink } from './text/format';
import { MAX_TEXT_EVENTS, type TextEvent } from './model/text-event';
import type { StatedAfter } from './query/stated-states';
import { LineIndex } from './text/line-index';
import type { PacketMemory } from './text/packet-memory';
import type { DecoderSink } from './wire/decoder';
import { createFrameDecoder, type TcpFrameDecoder } from './wire/frame-decoder';
import { linkTypeName } from './wire/link-types';

export interface TraceOptions {
  /** Bytes that a compressed capture may grow to. */
  readonly decompressionLimit: number;
  /** Whether TCP checksums are verified, which reads all payload (default: yes); else each is `unverified`. */
  readonly verifyChecksums?: boolean | undefined;
  /** Which packets are loaded; all where it is not given. */
  readonly load?: Load;
}

/** There is nothing that could be read as a trace. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
  constructor(readonly reason: Message) {
    super(reason.text);
  }
}

/** Bytes of a frame with its record header that the number of packets is estimated from before any was read. */
const TYPICAL_RECORD_BYTES = 400;

/**
 * Reads a trace into its tables: {@link step} reads the next batch of packets and hands what is loaded of it to the
 * decoder and the tracker. What the tables tell is for whoever asks.
 */
export class TraceReader {
  readonly frames = new FrameTable();
  readonly tracker = new Tracker(this.frames, RULES);
  readonly names = new HostNames();
  /** Comments of the file, by packet. */
  readonly comments = new Map<number, string[]>();
  /** Frames that are ICMP errors about a TCP segment. */
  readonly icmpErrors = new Map<number, IcmpError>();
  /** What a text trace tells besides packets. */
  readonly textEvents: TextEvent[] = [];
  /** States that a text trace gives endpoints, each after a segment. */
  readonly statedStates: StatedAfter[] = [];
  /** Lines of the packets of a text trace. */
  readonly lines = new LineIndex();
  readonly input: OpenedCapture | OpenedText;
  done = false;
  /** The capture breaks off, or something is missing in the middle of it. */
  cut = false;

  private readonly batch = new FrameBatch();
  private readonly decoder: TcpFrameDecoder;
  private readonly linkTypes = new Map<number, { frames: number; supported: boolean }>();
  /** The link type that was counted last, which most frames share. */
  private lastLinkType = -1;
  private lastCount = { frames: 0, supported: true };
  private readonly loading: Loading;
  /** The packet of a text trace that is being read is not loaded. */
  private passesOver = false;
  /** Where a filter decides, the packet of a text trace that waits for what is in it. */
  private readonly undecided: PacketPlace & { waits: boolean } = { ...noPlace(), waits: false };
  private readonly notices: Notice[] = [];
  private noticesTotal = 0;
  /** Where the packets that are loaded end in a capture that is not read to its end; -1 where that is not known. */
  private stoppedAt = -1;
  /** Earliest and latest frame by time. */
  private earliest = 0;
  private latest = 0;

  private constructor(
    readonly addresses: AddressTable,
    open: (reader: TraceReader) => OpenedCapture | OpenedText,
    { verifyChecksums, load = LOAD_ALL }: TraceOptions,
  ) {
    this.loading = new Loading(load, addresses);
    this.frames.numbers = this.loading.numbers;
    this.input = open(this);
    this.frames.untimed = isText(this.input) && this.input.reader.dialect.times === 'none';
    const sink: DecoderSink = {
      segment: (facts) => this.tracker.add(facts),
      icmpError: (facts, type, code) => {
        const connection = this.tracker.connectionOf(facts);
        this.icmpErrors.set(facts.frame, { connection, family: facts.family, type, code });
      },
    };
    this.decoder = createFrameDecoder(addresses, sink, { verifyChecksums });
  }

  /**
   * Opens a trace, whatever it is called.
   * @param memory what readings of the same text before it was edited have found
   * @throws {CannotOpen} when it is none, or not even its beginning can be read
   */
  static open(source: ByteSource, options: TraceOptions, memory: PacketMemory | null = null): TraceReader {
    return new TraceReader(
      memory?.addresses ?? new AddressTable(),
      (reader) => {
        let input: OpenedCapture | OpenedText | null;
        try {
          input = openCapture(
            source,
            {
              notice: (notice) => reader.note(notice),
              comment: (packet, text) => reader.comment(packet, text),
              name: (address, name) => reader.names.add(address, name),
            },
            options,
          );
          if (input === null) {
            const text = openCompressed(source, options.decompressionLimit);
            input = openText(text.source, reader.addresses, (notice) => reader.note(notice), memory);
          }
        } catch (error) {
          if (!(error instanceof ReadError)) throw error;
          throw new CannotOpen(message('Cannot be read: {0}', error.sentence));
        }
        if (input === null) throw new CannotOpen(describeUnknown(source));
        return input;
      },
      options,
    );
  }

  get isText(): boolean {
    return isText(this.input);
  }

  /** Reads and tracks the next packets: at most one batch, a few milliseconds. Returns false when there are no more. */
  step(): boolean {
    if (this.done) return false;
    const { batch, input } = this;
    let more: boolean;
    try {
      more = isText(input) ? input.reader.read(this.textSink) : input.reader.read(batch);
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      this.note({
        code: 'read-error',
        severity: 'error',
        message:
          !isText(input) && input.compressions.length > 0
            ? message('Reading stopped at byte {0} of the decompressed data: {1}', error.position, error.sentence)
            : message('Reading stopped at byte {0}: {1}', error.position, error.sentence),
        offset: error.position,
        packet: this.loading.read + 1,
      });
      more = false;
    }
    if (more && !isText(input)) this.take(input);
    if (this.loading.stopped !== null) more = false;
    if (!more) {
      this.done = true;
      const { bytesRead, bytesTotal } = this.progress();
      for (const notice of this.loading.notices(bytesRead, bytesTotal)) this.note(notice);
      if (this.loading.stopped !== null) this.cut = true;
    }
    return more;
  }

  note(notice: Notice): void {
    this.noticesTotal++;
    this.cut ||= BREAKS.has(notice.code);
    if (this.notices.length < MAX_NOTICES) this.notices.push(notice);
  }

  /** The other frames that a datagram was put together from, at the one that completes it; `null` where it is whole. */
  fragmentsOf(frame: number): Int32Array | null {
    return this.decoder.fragmentsOf(frame);
  }

  summary(): CaptureSummary {
    const { frames, tracker, input } = this;
    const any = frames.length > 0;
    return {
      format: isText(input) ? input.reader.dialect.description : describeCapture(input),
      textFormat: isText(input) ? input.format.id : null,
      clock: isText(input) ? input.reader.dialect.times : 'absolute',
      interfaces: input.reader.interfaces.map((one) => ({ ...one })),
      linkTypes: this.linkTypeCounts(),
      frames: frames.length,
      segments: tracker.segments.length,
      connections: tracker.connections.length,
      problems: tracker.problems,
      start: any && !frames.untimed ? frames.epochText(0) : null,
      durationNs: frames.untimed ? null : any ? frames.elapsedNs(this.earliest, this.latest) : 0,
      ...this.progress(),
      part: this.loading.part(),
      done: this.done,
      notices: [...this.notices],
      noticesTotal: this.noticesTotal,
    };
  }

  private progress(): { readonly bytesRead: number; readonly bytesTotal: number } {
    const { input } = this;
    if (!isText(input)) {
      const progress = input.progress();
      return this.stoppedAt < 0 ? progress : { ...progress, bytesRead: Math.min(this.stoppedAt, progress.bytesRead) };
    }
    const { source, bytesPerCharacter } = input;
    const bytesTotal = source.size * bytesPerCharacter;
    return { bytesRead: Math.min(input.reader.position * bytesPerCharacter, bytesTotal), bytesTotal };
  }

  /** What the reader of a text trace tells. */
  private readonly textSink: TextSink = {
    notice: (notice) => this.note(notice),
    packet: (place) => this.meet(place),
    event: (event) => {
      if (this.textEvents.length < MAX_TEXT_EVENTS) this.textEvents.push(event);
    },
    state: (stated, line) => {
      if (this.passesOver) return;
      this.statedStates.push({ ...stated, line, segment: this.tracker.segments.length - 1 });
    },
    segment: (facts) => {
      if (this.undecided.waits) this.decide(this.loading.filter!.takesSegment(facts));
      if (this.passesOver) return;
      facts.frame = this.frames.length - 1;
      this.tracker.add(facts);
    },
    hidden: (facts) => {
      const connection = this.tracker.connectionOf(facts);
      if (connection >= 0) this.tracker.connections.mark(connection, PARTLY_HIDDEN);
    },
    bytes: (linkType, bytes, length, originalBytes) => {
      if (this.undecided.waits) {
        const { seconds } = this.undecided;
        this.decide(this.loading.filter!.takesFrame(linkType, 0, bytes, 0, length, originalBytes, seconds));
      }
      if (this.passesOver) return;
      const frame = this.frames.length - 1;
      const seconds = this.frames.secondsOf(frame);
      const supported = this.decoder.decode(frame, linkType, 0, bytes, 0, length, originalBytes, seconds);
      this.frames.setOriginal(frame, originalBytes);
      this.countLinkType(linkType, supported);
    },
  };

  /** Meets the next packet of a text trace, whose segments or bytes come next. */
  private meet(place: PacketPlace): void {
    const { loading, undecided } = this;
    this.passesOver = true;
    undecided.waits = false;
    if (!loading.next()) return;
    if (loading.filter === null) this.decide(true, place);
    else Object.assign(undecided, place, { waits: true });
  }

  private decide(takes: boolean, place: PacketPlace = this.undecided): void {
    this.undecided.waits = false;
    if (!takes || !this.loading.take()) return;
    this.passesOver = false;
    this.takePlace(place);
  }

  private takePlace(place: PacketPlace): void {
    const { frames } = this;
    this.makeRoom(1);
    if (frames.length === 0) frames.baseSeconds = place.seconds;
    const frame = frames.length++;
    frames.setTime(frame, place.seconds, place.nanos);
    frames.setPlace(frame, place.position, place.length, place.wireBytes, place.interface);
    this.lines.add(place.line, place.lines);
    this.takeTime(frame);
  }

  /** Keeps the earliest and the latest frame up to date. */
  private takeTime(frame: number): void {
    const { frames } = this;
    if (frames.elapsedNs(this.latest, frame) > 0) this.latest = frame;
    else if (frames.elapsedNs(this.earliest, frame) < 0) this.earliest = frame;
  }

  private take(capture: OpenedCapture): void {
    const { batch, frames, decoder, loading } = this;
    const { bytes } = capture.window;
    this.makeRoom(batch.count);
    for (let i = 0; i < batch.count; i++) {
      const { linkType, fcsBytes } = capture.reader.interfaces[batch.interface[i]!]!;
      const seconds = batch.seconds[i]!;
      const at = batch.at[i]!;
      const captured = batch.captured[i]!;
      const original = batch.original[i]!;
      if (!loading.next()) {
        if (loading.stopped !== null) return this.stopBefore(capture, i);
        continue;
      }
      if (!(loading.filter?.takesFrame(linkType, fcsBytes, bytes, at, captured, original, seconds) ?? true)) continue;
      if (!loading.take()) return this.stopBefore(capture, i);
      if (frames.length === 0) frames.baseSeconds = seconds;
      const frame = frames.length++;
      frames.setTime(frame, seconds, batch.nanos[i]!);
      frames.setPlace(frame, batch.position[i]!, captured, original, batch.interface[i]!);
      this.takeTime(frame);
      const supported = decoder.decode(frame, linkType, fcsBytes, bytes, at, captured, original, seconds);
      this.countLinkType(linkType, supported);
    }
  }

  /** Ends reading before a row of the batch. Inside compressed data its place in the file is not known. */
  private stopBefore(capture: OpenedCapture, row: number): void {
    const { batch } = this;
    if (capture.compressions.length > 0) return;
    this.stoppedAt = row === 0 ? batch.position[0]! : batch.position[row - 1]! + batch.captured[row - 1]!;
  }

  private countLinkType(linkType: number, supported: boolean): void {
    if (linkType !== this.lastLinkType) {
      let counted = this.linkTypes.get(linkType);
      if (counted === undefined) {
        this.linkTypes.set(linkType, (counted = { frames: 0, supported }));
        if (!supported && linkType !== NOT_A_PACKET && linkType !== TEXT_ONLY) this.noteUnsupported(linkType);
      }
      this.lastLinkType = linkType;
      this.lastCount = counted;
    }
    this.lastCount.frames++;
  }

  private noteUnsupported(linkType: number): void {
    this.note({
      code: 'unsupported-link-type',
      severity: 'warning',
      message: message('Link type {0} is not supported: its packets are counted, not decoded', linkTypeName(linkType)),
      packet: this.loading.read,
    });
  }

  private linkTypeCounts(): LinkTypeCount[] {
    return [...this.linkTypes].map(([linkType, counted]) => ({ linkType, name: linkTypeName(linkType), ...counted }));
  }

  /** Makes room for that many frames more. */
  private makeRoom(more: number): void {
    const { frames, tracker } = this;
    if (frames.length + more <= frames.capacity) return;
    tracker.expectedSegments = this.expectedFrames();
    frames.reserve(more, tracker.expectedSegments);
  }

  private expectedFrames(): number {
    const { frames } = this;
    const { bytesRead, bytesTotal } = this.progress();
    const perFrame = frames.length > 0 && bytesRead > 0 ? bytesRead / frames.length : TYPICAL_RECORD_BYTES;
    return Math.min(bytesTotal / perFrame, this.loading.load.maxPackets, MAX_EXPECTED_FRAMES);
  }

  private comment(packet: number, text: string): void {
    const known = this.comments.get(packet);
    if (known === undefined) this.comments.set(packet, [text]);
    else known.push(text);
  }
}

export const isText = (input: OpenedCapture | OpenedText): input is OpenedText => 'bytesPerCharacter' in input;

/** Notices after which packets are missing. */
const BREAKS = new Set(['cut-record', 'cut-table', 'damaged-record', 'read-error']);

/** Columns are sized for at most this many frames ahead of having seen them. */
const MAX_EXPECTED_FRAMES = 200_000_000;
