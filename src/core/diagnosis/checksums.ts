import { count } from '../format/number';
import { BAD, PARTIAL } from '../model/facts';
import { message } from '../model/message';
import { CHECKSUM_SHIFT } from '../tcp/tables';
import { type Detector, finding, type KindOf, Sample } from './finding';
import { KeyTable } from './key-table';

const PARTIAL_KIND: KindOf = {
  kind: 'partial-checksums',
  title: message('Checksums left to the network card'),
  cites: 'RFC 9293 §3.1',
  caution: message('They are no errors: the packets were captured before the card had finished them.'),
};
const BAD_KIND: KindOf = {
  kind: 'bad-checksums',
  title: message('Wrong checksums'),
  cites: 'RFC 9293 §3.1',
  caution: message(
    'Addresses that were altered in the capture without the checksum (anonymised), or a card that starts from another value, look the same.',
  ),
};

const MAX_SENDERS = 1 << 16;
const LISTED = 5;
/** No connection gets on where so large a share of its segments is thrown away. */
const MOST = 0.5;

/** Checksums that are not those of the segment: unfinished ones tell where the capture was taken, wrong ones that it or the network is damaged. */
export const checksums: Detector = {
  group: 'quality',
  kinds: [PARTIAL_KIND, BAD_KIND],
  watch(context) {
    const { bits } = context.tracker.segments;
    /** By family and address. */
    const senders = new KeyTable(1, MAX_SENDERS);
    const partial = new Sample();
    const bad = new Sample();
    return {
      segment(walk) {
        const verdict = (bits[walk.segment]! >> CHECKSUM_SHIFT) & 3;
        if (verdict === BAD) bad.add(context.packet(walk.segment));
        if (verdict !== PARTIAL) return;
        partial.add(context.packet(walk.segment));
        const row = senders.add(walk.family(), walk.address(walk.role), 0);
        if (row >= 0) senders.columns[0]![row]!++;
      },
      *conclude() {
        const { length } = context.tracker.segments;
        if (partial.total > 0) {
          const hosts = Array.from({ length: senders.length }, (_, row) => row)
            .sort((a, b) => senders.columns[0]![b]! - senders.columns[0]![a]!)
            .slice(0, LISTED)
            .map((row) => context.host(senders.a[row]!, senders.b[row]!));
          yield finding('quality', PARTIAL_KIND, {
            severity: 'info',
            text: message(
              'Checksums not yet computed: {0} of {1} segments; the capture was taken on their sender ({2}).',
              count(partial.total),
              count(length),
              hosts.join(', ') + (senders.length > LISTED ? ', …' : ''),
            ),
            packets: partial.kept,
            packetsTotal: partial.total,
          });
        }
        if (bad.total > 0) {
          const isOfCapture = bad.total > MOST * length;
          yield finding('quality', BAD_KIND, {
            severity: isOfCapture ? 'info' : 'warning',
            text: isOfCapture
              ? message(
                  'Wrong checksums: {0} of {1} segments, more than any network damages: they were altered after the capture, or captured before the card had finished them.',
                  count(bad.total),
                  count(length),
                )
              : message(
                  'Wrong checksums: {0} of {1} segments, which their receivers throw away.',
                  count(bad.total),
                  count(length),
                ),
            packets: bad.kept,
            packetsTotal: bad.total,
          });
        }
      },
    };
  },
};
