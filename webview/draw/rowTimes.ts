import { delta, seconds, utc } from '../../src/core/format/time';
import type { ConnectionRow } from '../../src/core/model/connection';
import type { SegmentRow } from '../../src/core/model/segment';
import type { CaptureSummary } from '../../src/core/model/summary';
import { t } from '../l10n';
import type { TimeMode } from '../state';

export type Clock = CaptureSummary['clock'];

const SECOND = 1_000_000_000;

/** `sinceNs` nanoseconds after a time, both in seconds since 1970-01-01 UTC with nine decimals. */
export function timeAfter(start: string, sinceNs: number): string {
  const [whole = '0', fraction = ''] = start.split('.');
  const ns = Number(fraction.padEnd(9, '0').slice(0, 9)) + (sinceNs % SECOND);
  const carry = Math.floor(ns / SECOND);
  const at = Number(whole) + Math.trunc(sinceNs / SECOND) + carry;
  return at < 0 ? start : `${at}.${String(ns - carry * SECOND).padStart(9, '0')}`;
}

/** The mode that can be shown: a trace without a date has no UTC, one without a clock counts from its start. */
function possible(mode: TimeMode, clock: Clock): TimeMode {
  if (mode !== 'clock' && mode !== 'utc') return mode;
  return clock === 'absolute' ? mode : clock === 'time-of-day' ? 'utc' : 'capture';
}

/** Time of day with microseconds, in the user's zone or in UTC (which is what a trace without a date is kept in). */
function timeOfDay(time: string, local: boolean): string {
  const [whole = '0', fraction = ''] = time.split('.');
  const date = new Date(Number(whole) * 1000);
  const parts = local
    ? [date.getHours(), date.getMinutes(), date.getSeconds()]
    : [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${fraction.slice(0, 6)}`;
}

/** The time of day of what came `sinceNs` after `start`; `null` where the mode asks for none, or the trace has none. */
export function timeOfDayText(start: string | null, sinceNs: number, mode: TimeMode, clock: Clock): string | null {
  const shown = possible(mode, clock);
  return start !== null && (shown === 'clock' || shown === 'utc')
    ? timeOfDay(timeAfter(start, sinceNs), shown === 'clock')
    : null;
}

/** What the time column says of a row; `previous` is the row before it, where it is at hand. */
export function timeText(
  row: SegmentRow,
  previous: SegmentRow | undefined,
  { start, startNs }: Pick<ConnectionRow, 'start' | 'startNs'>,
  mode: TimeMode,
  clock: Clock,
): string {
  if (row.timeNs === null) return '';
  const ofDay = timeOfDayText(start, row.timeNs - startNs, mode, clock);
  if (ofDay !== null) return ofDay;
  if (mode === 'connection') return seconds(row.timeNs - startNs);
  if (mode !== 'delta') return seconds(row.timeNs);
  if (row.row === 0) return seconds(0);
  return previous === undefined || previous.timeNs === null ? '' : delta(row.timeNs - previous.timeNs);
}

/** Date and time in full, for a tooltip; empty where the trace has no date. */
export const dateText = (
  row: SegmentRow,
  { start, startNs }: Pick<ConnectionRow, 'start' | 'startNs'>,
  clock: Clock,
): string =>
  clock === 'absolute' && start !== null && row.timeNs !== null
    ? `${utc(timeAfter(start, row.timeNs - startNs))} UTC`
    : '';

/** The column's head. */
export function timeHead(mode: TimeMode, clock: Clock): string {
  switch (possible(mode, clock)) {
    case 'capture':
      return t('Capture time (s)');
    case 'connection':
      return t('Time (s)');
    case 'clock':
      return t('Local time');
    case 'utc':
      return clock === 'absolute' ? t('UTC') : t('Time of day');
    case 'delta':
      return t('Δ time (s)');
  }
}

/** Whether the column needs room for a time of day. */
export const isTimeOfDay = (mode: TimeMode, clock: Clock): boolean => ['clock', 'utc'].includes(possible(mode, clock));
