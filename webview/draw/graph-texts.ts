import { byteSize, count } from '../../src/core/format/number';
import { duration } from '../../src/core/format/time';
import type { FlowSummary, GraphKind } from '../../src/core/model/graph';
import { plural, t } from '../l10n';

/** Decimals of a second that an axis needs whose step is `step` nanoseconds. */
export function decimalsOf(step: number): number {
  let decimals = 0;
  for (let unit = 1e9; decimals < 9 && (step <= 0 || Math.round(step) % unit !== 0); unit /= 10) decimals++;
  return decimals;
}

/** A number of the vertical axis; `base` is what sequence numbers count from. */
export function valueText(graph: GraphKind, value: number, base: number): string {
  if (graph === 'sequence') return base === 0 ? count(Math.round(value)) : String((Math.round(value) + base) % 2 ** 32);
  if (graph === 'rtt') return duration(Math.round(value));
  if (graph === 'throughput') return bitRate(value);
  return byteSize(Math.round(value));
}

/** Powers of 1000, as links are rated: `12.3 Mbit/s`. */
const bitRate = (bits: number): string => byteSize(Math.round(bits)).replace(/B$/, 'bit/s');

/** One graph in words: what it shows to those who do not see it. */
export function summaryOf(
  graph: GraphKind,
  flow: FlowSummary,
  receiver: FlowSummary,
  durationNs: number,
  intervalNs: number,
): string[] {
  const perSecond = (bytes: number): string => (durationNs > 0 ? bitRate((bytes * 8e9) / durationNs) : '–');
  switch (graph) {
    case 'sequence':
      return [
        plural(flow.dataSegments, '{0} data segment', '{0} data segments', count(flow.dataSegments)),
        byteSize(flow.payloadBytes),
        t(
          '{0} retransmissions, {1} fast, {2} spurious',
          count(flow.retransmissions),
          count(flow.fastRetransmissions),
          count(flow.spuriousRetransmissions),
        ),
        t('{0} out of order', count(flow.outOfOrder)),
      ];
    case 'rtt':
      return flow.rtt === null
        ? [t('no round trip could be measured')]
        : [
            plural(flow.rtt.samples, '{0} sample', '{0} samples', count(flow.rtt.samples)),
            t('shortest {0}', duration(flow.rtt.shortestNs)),
            t('mean {0}', duration(Math.round(flow.rtt.meanNs))),
            t('longest {0}', duration(flow.rtt.longestNs)),
          ];
    case 'throughput':
      return [
        t('throughput {0}', perSecond(flow.payloadBytes)),
        t('goodput {0}', perSecond(flow.ackedBytes)),
        ...(intervalNs > 0 ? [t('counted every {0}', duration(intervalNs))] : []),
      ];
    case 'flight':
      return [
        t('at most {0} in flight', byteSize(flow.largestFlight)),
        ...(receiver.window === null ? [] : [t('receiver’s window up to {0}', byteSize(receiver.window.highest))]),
        flow.largestCongestionWindow === null
          ? t('congestion window: cannot be estimated')
          : t('congestion window: up to {0} (estimate)', byteSize(flow.largestCongestionWindow)),
      ];
    case 'window':
      return [
        receiver.windowShift === null
          ? t('the window’s scale was not captured')
          : t('scale {0}: the field times {1}', receiver.windowShift, 2 ** receiver.windowShift),
        ...(receiver.window === null
          ? []
          : [t('window from {0} to {1}', byteSize(receiver.window.lowest), byteSize(receiver.window.highest))]),
        plural(receiver.zeroWindows, 'closed {0} time', 'closed {0} times', count(receiver.zeroWindows)),
      ];
  }
}
