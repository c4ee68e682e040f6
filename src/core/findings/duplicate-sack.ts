import { seqGe, seqGt, seqLe, seqLt } from '../bytes/seq';
import { message } from '../model/message';
import type { Course } from './course';
import { because, type Detector } from './finding';

/**
 * The first SACK block reports what had been received before: below the acknowledgment, or within the second block
 * (RFC 2883 §4). What was sent again had not been lost.
 */
export const duplicateSack: Detector = {
  kind: 'duplicate-sack',
  level: 'info',
  cites: 'RFC 2883 §4',
  watch: (found) => ({
    see(c) {
      if (c.sackBlocks === 0 || !isDuplicate(c)) return;
      const left = c.sack[0]!;
      const right = c.sack[1]!;
      const direction = 1 - c.direction;
      const resend = c.peer.resends.findLast(({ start, end }) => seqLt(start, right) && seqGt(end, left));
      const values = {
        left: c.relative(direction, left),
        right: c.relative(direction, right),
        ack: c.relative(direction, c.ack),
      };
      found({
        at: [c.segment],
        ...(resend === undefined ? {} : { of: resend.segment }),
        text:
          resend === undefined
            ? message(
                'DSACK: bytes {0} to {1} arrived twice, without having been sent twice here.',
                values.left,
                values.right,
              )
            : message(
                'DSACK: bytes {0} to {1} had arrived before: sending them again in packet {2} was unnecessary.',
                values.left,
                values.right,
                c.packet(resend.segment),
              ),
        why: [because('the first SACK block lies below the acknowledgment or within the second block', values)],
      });
    },
  }),
};

function isDuplicate({ sack, sackBlocks, ack }: Course): boolean {
  const left = sack[0]!;
  const right = sack[1]!;
  if (!seqLt(left, right)) return false;
  if (seqLe(right, ack)) return true;
  return sackBlocks > 1 && seqGe(left, sack[2]!) && seqLe(right, sack[3]!);
}
