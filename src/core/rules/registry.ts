import type { Rule } from '../tcp/rule';
import { ackLostSegment } from './ack-lost-segment';
import { duplicateAck } from './duplicate-ack';
import { fastRetransmission } from './fast-retransmission';
import { keepAlive } from './keep-alive';
import { keepAliveAck } from './keep-alive-ack';
import { lostSegment } from './lost-segment';
import { outOfOrder } from './out-of-order';
import { retransmission } from './retransmission';
import { reusedPorts } from './reused-ports';
import { spuriousRetransmission } from './spurious-retransmission';
import { windowFull } from './window-full';
import { windowUpdate } from './window-update';
import { zeroWindow } from './zero-window';
import { zeroWindowProbe } from './zero-window-probe';
import { zeroWindowProbeAck } from './zero-window-probe-ack';

/** Every rule, those that exclude others before them (a test holds that). */
export const RULES: readonly Rule[] = [
  reusedPorts,
  zeroWindowProbe,
  zeroWindow,
  lostSegment,
  keepAlive,
  windowUpdate,
  windowFull,
  keepAliveAck,
  zeroWindowProbeAck,
  duplicateAck,
  ackLostSegment,
  spuriousRetransmission,
  fastRetransmission,
  outOfOrder,
  retransmission,
];
