import type { Trace } from '../core/analyze';
import { CannotOpen } from '../core/trace-reader';
import { message, type Message } from '../core/model/message';
import type { Notice } from '../core/model/notice';
import type { CaptureSummary } from '../core/model/summary';
import type { LineEdit } from '../core/model/text';
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

/** What is read, once it is there. */
export interface SessionInput {
  /**
   * Begins to read it as it is now. A reading before, if it has not come to its end, is given up.
   * @throws {CannotOpen} or the platform's error when there is nothing to read
   */
  read(): SessionTrace;
  /** Takes in edits, where it is a text. */
  edit?(edits: readonly LineEdit[]): void;
  /** The last reading has come to its end. */
  finished?(): void;
}

/** What the platform lends to a session. */
export interface SessionHost {
  /** @throws {CannotOpen} or the platform's error when there is nothing to read */
  open(input: TraceInput, options: AnalysisOptions): SessionInput;
  send(message: FromWorker): void;
  /** Runs `work` once the messages that are waiting now have been handled. */
  defer(work: () => void): void;
  /** Milliseconds on any steady clock. */
  now(): number;
}

/** One reading of the input. */
interface Reading {
  readonly trace: SessionTrace;
  /** Edits before it. */
  readonly revision: number;
  /** Why it ended before the trace did. */
  ended: Notice | null;
}

const PROGRESS_EVERY_MS = 100;

/**
 * One analysis: opens a trace, steps it to its end, and gives way to waiting messages after every batch, so that queries
 * and a cancel are answered while it runs. A text that is edited is read again, while the reading before answers. Never
 * throws; every query gets exactly one answer.
 *
 * @returns the receiver of the host's messages. It takes `unknown`: the door checks.
 */
export function createSession(host: SessionHost): (data: unknown) => void {
  let input: SessionInput | null = null;
  /** What is stepped; `null` when that is over. */
  let reading: Reading | null = null;
  /** What answers: the one that is stepped where there is no other. */
  let shown: Reading | null = null;
  let isStepping = false;
  let reportedAt = -Infinity;
  /** Whether background work is under way, and whether some of it has been done since the last report. */
  let looking = false;
  let looked = false;

  const summary = ({ trace, ended }: Reading): CaptureSummary => {
    const read = trace.summary();
    if (ended === null) return read;
    return { ...read, done: true, notices: [...read.notices, ended], noticesTotal: read.noticesTotal + 1 };
  };

  function report(): void {
    if (shown === null) return;
    reportedAt = host.now();
    host.send({ type: 'progress', summary: summary(shown), revision: shown.revision });
  }

  function failed(error: unknown, revision: number): void {
    reading = shown = null;
    host.send({ type: 'failed', message: openFault(error), revision });
  }

  function open(given: TraceInput, options: AnalysisOptions): void {
    try {
      input = host.open(given, options);
    } catch (error) {
      failed(error, 0);
      return;
    }
    begin(0);
  }

  function begin(revision: number): void {
    try {
      // What has not been read to its end is no better than what begins.
      const isAlone = shown === null || shown === reading;
      reading = { trace: input!.read(), revision, ended: null };
      if (isAlone) shown = reading;
    } catch (error) {
      failed(error, revision);
      return;
    }
    if (!isStepping) host.defer(step);
    isStepping = true;
  }

  function edit(revision: number, edits: readonly LineEdit[]): void {
    if (input?.edit === undefined) return;
    try {
      input.edit(edits);
    } catch (error) {
      failed(error, revision);
      return;
    }
    begin(revision);
  }

  function step(): void {
    isStepping = false;
    if (reading === null) return;
    const { trace } = reading;
    let more = false;
    try {
      more = trace.step();
      if (!more) input?.finished?.();
    } catch (error) {
      reading.ended = brokenOff(trace.summary(), error);
    }
    if (!more) {
      shown = reading;
      reading = null;
    }
    if (!more || (shown === reading && host.now() - reportedAt >= PROGRESS_EVERY_MS)) report();
    if (more) host.defer(step);
    isStepping = more;
  }

  function cancel(): void {
    if (reading === null) return;
    reading.ended = cancelled(reading.trace.summary());
    shown = reading;
    reading = null;
    report();
  }

  function query(name: unknown, params: unknown): unknown {
    if (!isTraceQuery(name)) throw new Error(`no such query: ${String(name)}`);
    const fault = queryFault(name, params);
    if (fault !== null) throw new Error(fault);
    if (shown === null) throw new Error('no trace is open');
    if (name === 'summary') return summary(shown);
    const result = answer(shown.trace, name, params as TraceQueries[typeof name]['params']);
    if (reading === null && !looking) {
      looking = true;
      host.defer(lookOn);
    }
    return result;
  }

  /** Looks at long connections that were asked about, and tells the views once something new is known of one. */
  function lookOn(): void {
    looking = shown?.trace.lookOn() ?? false;
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
        if (input === null) open(request.input, request.options);
        break;
      case 'edit':
        edit(request.revision, request.edits);
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
