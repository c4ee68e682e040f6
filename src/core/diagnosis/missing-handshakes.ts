import { count } from '../format/number';
import { message } from '../model/message';
import { crossed, type Detector, finding, type KindOf, Sample } from './finding';
import { CLIENT, SERVER } from './walk';

const MISSING: KindOf = {
  kind: 'missing-handshakes',
  title: message('Missing handshakes'),
  cites: 'RFC 9293 §3.5',
  caution: message('Long connections that were open before the capture began are no fault of it.'),
};

/** Connections whose SYN and SYN-ACK were not captured: window scale, roles and initial numbers are unknown there. */
export const missingHandshakes: Detector = {
  group: 'quality',
  kinds: [MISSING],
  watch(context) {
    const missing = new Sample();
    let all = 0;
    return {
      connection(walk) {
        // A probe of one segment and what answers it are no connection.
        const isProbe =
          walk.segments[CLIENT]! + walk.segments[SERVER]! <= 2 &&
          walk.payloadBytes[CLIENT]! + walk.payloadBytes[SERVER]! === 0;
        if (walk.syn < 0 && walk.synAck < 0) {
          if (isProbe) return;
          missing.add(context.packet(walk.first));
        }
        all++;
      },
      *conclude() {
        if (missing.total === 0) return;
        const share = Math.floor((100 * missing.total) / all);
        const isMany = share >= context.thresholds.missingHandshakes;
        yield finding('quality', MISSING, {
          severity: isMany ? 'warning' : 'info',
          text: message(
            '{0} of {1} connections were captured without their handshake.',
            count(missing.total),
            count(all),
          ),
          details: [
            message(
              'Windows of these connections may be scaled by an unknown factor, and who the client is was guessed.',
            ),
          ],
          packets: missing.kept,
          packetsTotal: missing.total,
          crossed: isMany ? [crossed(context, 'missingHandshakes', share)] : [],
        });
      },
    };
  },
};
