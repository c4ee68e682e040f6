import { accurateEcn } from './accurate-ecn';
import { challengeAck } from './challenge-ack';
import { congestionNotification } from './congestion-notification';
import { duplicateSack } from './duplicate-sack';
import { fastRecovery } from './fast-recovery';
import type { Detector } from './finding';
import { halfOpen } from './half-open';
import { keepAliveSeries } from './keep-alive-series';
import { mtuBlackHole } from './mtu-black-hole';
import { nagleDelayedAck } from './nagle-delayed-ack';
import { pawsRejected } from './paws-rejected';
import { retransmissionTimeout } from './retransmission-timeout';
import { sackReneging } from './sack-reneging';
import { sillyWindow } from './silly-window';
import { tailLossProbe } from './tail-loss-probe';
import { windowLimited } from './window-limited';
import { zeroWindowPeriod } from './zero-window-period';

/** Every kind of finding, in the order of `OWN_NOTES` (a test holds that). */
export const DETECTORS: readonly Detector[] = [
  retransmissionTimeout,
  tailLossProbe,
  fastRecovery,
  duplicateSack,
  sackReneging,
  zeroWindowPeriod,
  windowLimited,
  nagleDelayedAck,
  sillyWindow,
  congestionNotification,
  accurateEcn,
  pawsRejected,
  mtuBlackHole,
  keepAliveSeries,
  challengeAck,
  halfOpen,
];
