import { count } from '../format/number';
import { duration } from '../format/time';
import { message } from '../model/message';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';

const STEPS: KindOf = {
  kind: 'clock-steps',
  title: message('The clock goes back'),
  cites: 'draft-ietf-opsawg-pcapng §4.3 (Timestamp)',
  caution: message('Captures that were joined, or several interfaces with clocks of their own, look the same.'),
};

const PIECE_FRAMES = 500_000;

/** Packets that are earlier than the one before them: times across such a place mean nothing. */
export const clockSteps: Detector = {
  group: 'quality',
  kinds: [STEPS],
  watch: (context) => ({
    *conclude() {
      const { frames, thresholds } = context;
      if (frames.untimed) return;
      const found = new Sample();
      let largest = 0;
      for (let frame = 1; frame < frames.length; frame++) {
        if (frame % PIECE_FRAMES === PIECE_FRAMES - 1) yield null;
        const back = frames.elapsedNs(frame, frame - 1);
        if (back < thresholds.clockStep * 1e6 || isUntimed(frame) || isUntimed(frame - 1)) continue;
        found.add(frames.numbers.of(frame));
        largest = Math.max(largest, back);
      }
      if (found.total === 0) return;
      yield finding('quality', STEPS, {
        severity: 'warning',
        text: message('The clock goes back by up to {0} (places: {1}).', duration(largest), count(found.total)),
        packets: found.kept,
        packetsTotal: found.total,
        crossed: [crossed(context, 'clockStep', Math.floor(largest / 1e6))],
      });

      function isUntimed(frame: number): boolean {
        return context.sources.interfaces[frames.interfaceOf(frame)]?.untimed === true;
      }
    },
  }),
};
