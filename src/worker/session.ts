import { CannotOpen, type Trace } from '../core/analyze';
import { message, type Message } from '../core/model/message';
import type { Notice } from '../core/model/notice';
import type { CaptureSummary } from '../core/model/summary';
import {
  isTraceQuery,
  queryFault,
  type Answer,
  type AnalysisOptions,
  type FromWorker,
  type ToWorker,
  type TraceInput,
  type TraceQueries,
} from '../protocol';
import { answer, type QueriedTrace } from './queries';

/** What a session needs of a {@link Trace}. */
export type SessionTrace = QueriedTrace & Pick<Trace, 'step' | 'lookOn'>;

/** What the platform lends to a session. */
export interface SessionHost {
  /** @throws {CannotOpen} or the platform's error when there is nothing to read */
  open(input: TraceInput, options: AnalysisOptions): SessionTrace;
  send(message: FromWorker): void;
  /** Runs `work` once the messages that are waiting now have been handled. */
  defer(work: () => void): void;
  /** Milliseconds on any steady clock. */
  now(): number;
}

const PROGRESS_EVERY_MS = 100;

/**
 * One analysis: opens a trace, steps it to its end, and gives way to waiting messages after every batch, so that queries
 * and a cancel are answered while it runs. Never throws; every query gets exactly one answer.
 *
 * @returns the receiver of the host's messages. It takes `unknown`: the door checks.
 */
export function createSession(host: SessionHost): (data: unknown) => void {
  let trace: SessionTrace | null = null;
  let running = false;
  let reportedAt = -Infinity;
  /** Whether background work is under way, and whether some of it has been done since the last report. */
  let looking = false;
  let looked = false;
  /** Why the analysis ended before the trace did. */
  let ended: Notice | null = null;

  const summary = (): CaptureSummary => {
    const read = trace!.summary();
    if (ended === null) return read;
    return { ...read, done: true, notices: [...read.notices, ended], noticesTotal: read.noticesTotal + 1 };
  };

  function report(): void {
    reportedAt = host.now();
    host.send({ type: 'progress', summary: summary() });
  }

  function open(input: TraceInput, options: AnalysisOptions): void {
    try {
      trace = host.open(input, options);
    } catch (error) {
      host.send({ type: 'failed', message: openFault(error) });
      return;
    }
    running = true;
    host.defer(step);
  }

  function step(): void {
    if (!running || trace === null) return;
    try {
      running = trace.step();
    } catch (error) {
      running = false;
      ended = brokenOff(trace.summary(), error);
    }
    if (!running || host.now() - reportedAt >= PROGRESS_EVERY_MS) report();
    if (running) host.defer(step);
  }

  function cancel(): void {
    if (!running || trace === null) return;
    running = false;
    ended = cancelled(trace.summary());
    report();
  }

  function query(name: unknown, params: unknown): unknown {
    if (!isTraceQuery(name)) throw new Error(`no such query: ${String(name)}`);
    const fault = queryFault(name, params);
    if (fault !== null) throw new Error(fault);
    if (trace === null) throw new Error('no trace is open');
    if (name === 'summary') return summary();
    const result = answer(trace, name, params as TraceQueries[typeof name]['params']);
    if (!running && !looking) {
      looking = true;
      host.defer(lookOn);
    }
    return result;
  }

  /** Looks at long connections that were asked about, and tells the views once something new is known of one. */
  function lookOn(): void {
    looking = trace!.lookOn();
    if (looking) looked = true;
    else if (looked) {
      looked = false;
      report();
    }
    if (looking) host.defer(lookOn);
  }

  return (data) => {
    if (typeof data !== 'object' || data === null) return;
    const request = data as ToWorker;
    switch (request.type) {
      case 'open':
        if (trace === null) open(request.input, request.options);
        break;
      case 'cancel':
        cancel();
        break;
      case 'query':
        host.send(answerTo(request.id, () => query(request.query, request.params)));
        break;
    }
  };
}

function answerTo(id: number, result: () => unknown): Answer {
  try {
    return { type: 'answer', id, ok: true, result: result() };
  } catch (error) {
    return { type: 'answer', id, ok: false, error: textOf(error) };
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function openFault(error: unknown): Message {
  return error instanceof CannotOpen ? error.reason : message('The file cannot be read: {0}', textOf(error));
}

const cancelled = (read: CaptureSummary): Notice => ({
  code: 'cancelled',
  severity: 'info',
  message: message('Reading was stopped after packet {0}. The packets before it are shown.', read.frames),
  offset: read.bytesRead,
});

const brokenOff = (read: CaptureSummary, error: unknown): Notice => ({
  code: 'broken-off',
  severity: 'error',
  message: message(
    'The analysis failed after packet {0}: {1}. The packets before it are shown.',
    read.frames,
    textOf(error),
  ),
  offset: read.bytesRead,
});
