import { count } from '../format/number';
import { message } from '../model/message';
import { CUT_HEADER } from '../tcp/tables';
import { type Detector, finding, type KindOf, Sample } from './finding';

const CUT: KindOf = {
  kind: 'cut-packets',
  title: message('Packets cut by the capture'),
  cites: 'draft-ietf-opsawg-pcapng §4.2 (SnapLen)',
  caution: message('It is often done on purpose, to keep what people wrote out of a capture, or to make it small.'),
};

const PIECE_FRAMES = 500_000;

/** Packets of which less was kept than was sent: their payload, checksum and perhaps options are missing. */
export const cutPackets: Detector = {
  group: 'quality',
  kinds: [CUT],
  watch: ({ frames, tracker, sources }) => ({
    *conclude() {
      if (!sources.hasBytes) return;
      const cut = new Sample();
      let longest = 0;
      for (let frame = 0; frame < frames.length; frame++) {
        if (frame % PIECE_FRAMES === PIECE_FRAMES - 1) yield null;
        const captured = frames.captured.of(frame);
        if (captured >= frames.originalOf(frame)) continue;
        cut.add(frames.numbers.of(frame));
        longest = Math.max(longest, captured);
      }
      if (cut.total === 0) return;
      const { bits, length } = tracker.segments;
      let headers = 0;
      for (let segment = 0; segment < length; segment++) if (bits[segment]! & CUT_HEADER) headers++;
      const snapLength = Math.max(0, ...sources.interfaces.map((one) => one.snapLength));
      yield finding('quality', CUT, {
        severity: headers > 0 ? 'warning' : 'info',
        text: message(
          '{0} of {1} packets were cut: {2} bytes of them were kept at most.',
          count(cut.total),
          count(frames.length),
          count(longest),
        ),
        details: [
          ...(snapLength > 0 ? [message('The capture’s snap length is {0} bytes.', count(snapLength))] : []),
          ...(headers > 0 ? [message('Even the TCP header of {0} segments is cut.', count(headers))] : []),
        ],
        packets: cut.kept,
        packetsTotal: cut.total,
      });
    },
  }),
};
