import { ackStorm } from './ack-storm';
import { captureDrops } from './capture-drops';
import { checksums } from './checksums';
import { clockSteps } from './clock-steps';
import { courseFindings } from './course-findings';
import { cutPackets } from './cut-packets';
import { delayedHandshakes } from './delayed-handshakes';
import { duplicatePackets } from './duplicate-packets';
import { failedAttempts } from './failed-attempts';
import type { Detector } from './finding';
import { foreignSegments } from './foreign-segments';
import { halfOpenConnections } from './half-open-connections';
import { idleCut } from './idle-cut';
import { impersonatedHost } from './impersonated-host';
import { missingHandshakes } from './missing-handshakes';
import { offloadSegments } from './offload-segments';
import { oneSided } from './one-sided';
import { overlappingPayloads } from './overlapping-payloads';
import { portScan } from './port-scan';
import { predictableIsn } from './predictable-isn';
import { resets } from './resets';
import { responseTimes } from './response-times';
import { retransmissionStorm } from './retransmission-storm';
import { synFlood } from './syn-flood';
import { vantagePoint } from './vantage-point';

/** Every detector, in the order in which they conclude: what later ones go by comes first. */
export const DETECTORS: readonly Detector[] = [
  missingHandshakes,
  cutPackets,
  captureDrops,
  duplicatePackets,
  oneSided,
  clockSteps,
  checksums,
  offloadSegments,
  vantagePoint,
  synFlood,
  portScan,
  overlappingPayloads,
  ackStorm,
  foreignSegments,
  impersonatedHost,
  predictableIsn,
  resets,
  failedAttempts,
  halfOpenConnections,
  idleCut,
  responseTimes,
  delayedHandshakes,
  retransmissionStorm,
  courseFindings,
];
