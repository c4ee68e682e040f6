import assert from 'node:assert/strict';
import { CannotOpen } from '../../src/core/trace-reader';
import { message } from '../../src/core/model/message';
import type { CaptureSummary } from '../../src/core/model/summary';
import { MAX_ROWS, type Answer, type FromWorker, type ToWorker } from '../../src/protocol';
import { createSession, type SessionTrace } from '../../src/worker/session';

const BATCH = 4096;

/** A trace of so many batches that answers each query with its name and parameters. */
function fakeTrace(batches: number): SessionTrace {
  let stepped = 0;
  const told = (...answer: unknown[]) => answer as never;
  return {
    step: () => ++stepped < batches,
    lookOn: () => false,
    summary: (): CaptureSummary => ({
      format: 'fake',
      textFormat: null,
      clock: 'absolute',
      interfaces: [],
      linkTypes: [],
      frames: stepped * BATCH,
      segments: stepped * BATCH,
      connections: 1,
      problems: 0,
      start: null,
      durationNs: 0,
      bytesRead: stepped * 100,
      bytesTotal: batches * 100,
      done: stepped >= batches,
      notices: [],
      noticesTotal: 0,
      part: null,
    }),
    connections: (start, end) => told('connections', start, end),
    segments: (connection, start, end) => told('segments', connection, start, end),
    phases: (connection) => told('phases', connection),
    pauses: (...params) => told('pauses', ...params),
    sparkline: (...params) => told('sparkline', ...params),
    graphProgress: (connection) => told('graphProgress', connection),
    diagnosis: (thresholds) => told('diagnosis', thresholds),
    graph: (...params) => told('graph', ...params),
    quietRuns: (connection) => told('quietRuns', connection),
    marks: (connection, limit) => told('marks', connection, limit),
    problem: (connection, row, direction) => told('problem', connection, row, direction),
    reasons: (connection, row) => told('reasons', connection, row),
    lesson: (connection, row) => told('lesson', connection, row),
    filter: (text, packets) => told('filter', text, packets),
    suggest: (text, cursor) => told('suggest', text, cursor),
    connectionsWith: (filter, start, end) => told('connectionsWith', filter, start, end),
    connectionIndex: (filter, connection) => told('connectionIndex', filter, connection),
    matches: (filter, connection, start, end) => told('matches', filter, connection, start, end),
    packetRows: (filter, connection, start, end) => told('packetRows', filter, connection, start, end),
    packetIndex: (filter, connection, packet) => told('packetIndex', filter, connection, packet),
    stream: (connection, sides, lineBytes) => told('stream', connection, sides, lineBytes),
    streamRows: (connection, sides, lineBytes, start, end) =>
      told('streamRows', connection, sides, lineBytes, start, end),
    streamRowOf: (connection, sides, lineBytes, row) => told('streamRowOf', connection, sides, lineBytes, row),
    streamFind: (...params) => told('streamFind', ...params),
    streamMarks: (...params) => told('streamMarks', ...params),
    streamMatch: (...params) => told('streamMatch', ...params),
    streamMatchFrom: (...params) => told('streamMatchFrom', ...params),
    streamBytes: (connection, sides, from, to) => told('streamBytes', connection, sides, from, to),
    endpoints: (connection) => told('endpoints', connection),
    time: (packet) => told('time', packet),
    options: (segment) => told('options', segment),
    findingsOf: (connection) => told('findingsOf', connection),
    exportPackets: (...params) => told('exportPackets', ...params),
    loadFilterFault: (text) => told('loadFilterFault', text),
    replayStates: () => told('replayStates'),
    stateMoves: () => told('stateMoves'),
    movesOf: () => told('movesOf'),
    packet: (packet) => told('packet', packet),
    place: (packet) => told('place', packet),
    carriers: (connection, row) => told('carriers', connection, row),
    references: (connection, row) => told('references', connection, row),
    textPackets: (start, end) => told('textPackets', start, end),
    connectionText: (connection, start, end) => told('connectionText', connection, start, end),
    textConnections: (start, end) => told('textConnections', start, end),
    connectionFrom: (line) => told('connectionFrom', line),
    textFolds: (most) => told('textFolds', most),
    textFindings: (start, limit, infos) => told('textFindings', start, limit, infos),
  };
}

/** A session with a clock and a task queue that the test turns by hand. */
function harness(open: () => SessionTrace) {
  const sent: FromWorker[] = [];
  const tasks: (() => void)[] = [];
  const clock = { ms: 0 };
  const edits: unknown[] = [];
  let finished = 0;
  const receive = createSession({
    open: () => ({ read: open, edit: (edit) => edits.push(edit), finished: () => finished++ }),
    send: (reply) => sent.push(reply),
    defer: (work) => tasks.push(work),
    now: () => clock.ms,
  });
  const ask = (query: string, params: unknown, id = 1): Answer => {
    receive({ type: 'query', id, query, params });
    return sent.at(-1) as Answer;
  };
  return {
    sent,
    tasks,
    ask,
    tell: (request: ToWorker) => receive(request),
    tellAnything: (data: unknown) => receive(data),
    edits,
    finished: () => finished,
    open: () => receive({ type: 'open', input: { kind: 'file', path: '/x' }, options: { decompressionLimit: 1 } }),
    turn: (ms = 0) => {
      clock.ms += ms;
      tasks.shift()?.();
    },
    turnAll: () => {
      while (tasks.length > 0) tasks.shift()!();
    },
    progress: () => sent.flatMap((reply) => (reply.type === 'progress' ? [reply.summary] : [])),
  };
}

describe('worker session', () => {
  it('steps the trace to its end and says when it is done', () => {
    const session = harness(() => fakeTrace(3));
    session.open();
    session.turnAll();
    assert.deepEqual(
      session.progress().map((summary) => [summary.frames, summary.done]),
      [
        [BATCH, false],
        [3 * BATCH, true],
      ],
    );
  });

  it('gives way after every batch, so that queries are answered while it runs', () => {
    const session = harness(() => fakeTrace(10));
    session.open();
    session.turn();
    assert.equal(session.tasks.length, 1);
    assert.deepEqual(session.ask('segments', { connection: 0, start: 2, end: 5 }, 7), {
      type: 'answer',
      id: 7,
      ok: true,
      result: ['segments', 0, 2, 5],
    });
    session.turn();
    const answer = session.ask('summary', {});
    assert.equal(answer.ok && (answer.result as CaptureSummary).frames, 2 * BATCH);
  });

  it('reports the first batch at once, then at most every 100 ms', () => {
    const session = harness(() => fakeTrace(100));
    session.open();
    for (let batch = 1; batch <= 21; batch++) session.turn(10);
    assert.deepEqual(
      session.progress().map((summary) => summary.frames / BATCH),
      [1, 11, 21],
    );
  });

  it('stops at once when cancelled, keeps what was read, and says so', () => {
    const session = harness(() => fakeTrace(10));
    session.open();
    session.turn();
    session.turn();
    session.tell({ type: 'cancel' });
    const last = session.progress().at(-1)!;
    assert.deepEqual([last.frames, last.done, last.noticesTotal], [2 * BATCH, true, 1]);
    assert.equal(last.notices[0]?.code, 'cancelled');
    const reports = session.sent.length;
    session.turnAll();
    assert.equal(session.sent.length, reports, 'nothing runs on');
    const answer = session.ask('summary', {});
    assert.deepEqual(answer.ok && answer.result, last);
  });

  it('answers a cancel after the end with silence, not with a notice', () => {
    const session = harness(() => fakeTrace(1));
    session.open();
    session.turnAll();
    session.tell({ type: 'cancel' });
    assert.equal(session.progress().length, 1);
    const answer = session.ask('summary', {});
    assert.equal(answer.ok && (answer.result as CaptureSummary).noticesTotal, 0);
  });

  it('tells why the input cannot be opened, and answers queries all the same', () => {
    const reason = message('Not a capture file: it begins with {0}', '00 01');
    const session = harness(() => {
      throw new CannotOpen(reason);
    });
    session.open();
    assert.deepEqual(session.sent, [{ type: 'failed', message: reason, revision: 0 }]);
    assert.deepEqual(session.ask('packet', { packet: 1 }), {
      type: 'answer',
      id: 1,
      ok: false,
      error: 'no trace is open',
    });
  });

  it("passes the file system's reason on", () => {
    const session = harness(() => {
      throw new Error('EACCES: permission denied');
    });
    session.open();
    const [reply] = session.sent;
    assert.deepEqual(reply?.type === 'failed' && reply.message.args, ['EACCES: permission denied']);
  });

  it('keeps what was read when the analysis fails half-way', () => {
    const trace = fakeTrace(10);
    let steps = 0;
    const session = harness(() => ({
      ...trace,
      step: () => {
        if (++steps === 3) throw new RangeError('Array buffer allocation failed');
        return trace.step();
      },
    }));
    session.open();
    session.turnAll();
    const last = session.progress().at(-1)!;
    assert.deepEqual([last.frames, last.done, last.notices[0]?.code], [2 * BATCH, true, 'broken-off']);
    assert.ok(session.ask('packet', { packet: 5 }).ok);
  });

  it('lets pass what is no message', () => {
    const session = harness(() => fakeTrace(1));
    for (const data of [null, undefined, 'open', 3, {}]) session.tellAnything(data);
    assert.deepEqual(session.sent, []);
  });

  it('answers a query that fails with its error', () => {
    const session = harness(() => ({
      ...fakeTrace(1),
      packet: () => {
        throw new Error('a bug');
      },
    }));
    session.open();
    session.turnAll();
    const answer = session.ask('packet', { packet: 1 });
    assert.equal(!answer.ok && answer.error, 'a bug');
  });

  describe('of a text that is edited', () => {
    const edits = [{ first: 1, count: 1, lines: new Uint8Array(1) }];
    const revisions = (sent: readonly FromWorker[]): number[] =>
      sent.flatMap((reply) => (reply.type === 'answer' ? [] : [reply.revision]));
    const framesOf = (answer: Answer): number => (answer.ok ? (answer.result as CaptureSummary).frames / BATCH : -1);

    it('answers about the text before until it has read the new one', () => {
      const lengths = [2, 5];
      const session = harness(() => fakeTrace(lengths.shift()!));
      session.open();
      session.turnAll();
      const reports = session.sent.length;
      session.tell({ type: 'edit', revision: 1, edits });
      assert.deepEqual(session.edits, [edits]);
      for (let batch = 1; batch < 5; batch++) session.turn(200);
      assert.equal(framesOf(session.ask('summary', {})), 2);
      assert.deepEqual([revisions(session.sent.slice(reports)), session.finished()], [[], 1]);
      session.turnAll();
      assert.equal(framesOf(session.ask('summary', {})), 5);
      assert.deepEqual([revisions(session.sent.slice(reports)), session.finished()], [[1], 2]);
    });

    it('gives a reading up for the next edit', () => {
      const lengths = [1, 9, 3];
      const session = harness(() => fakeTrace(lengths.shift()!));
      session.open();
      session.turnAll();
      session.tell({ type: 'edit', revision: 1, edits });
      session.turn();
      session.tell({ type: 'edit', revision: 2, edits });
      session.turnAll();
      assert.deepEqual([revisions(session.sent), session.finished()], [[0, 2], 2]);
      assert.equal(session.progress().at(-1)!.frames, 3 * BATCH);
    });

    it('begins anew where the first reading was not over, and tells how far that is', () => {
      const lengths = [9, 3];
      const session = harness(() => fakeTrace(lengths.shift()!));
      session.open();
      session.turn();
      session.tell({ type: 'edit', revision: 1, edits });
      session.turn(200);
      assert.deepEqual(revisions(session.sent), [0, 1]);
      assert.equal(framesOf(session.ask('summary', {})), 1);
      session.turnAll();
      assert.deepEqual(session.progress().at(-1)!.done, true);
    });

    it('says where an edit leaves no trace, and goes on from the next', () => {
      let isTrace = true;
      const session = harness(() => {
        if (!isTrace) throw new CannotOpen(message('Not a capture file'));
        return fakeTrace(1);
      });
      session.open();
      session.turnAll();
      isTrace = false;
      session.tell({ type: 'edit', revision: 1, edits });
      assert.deepEqual(session.sent.at(-1), { type: 'failed', message: message('Not a capture file'), revision: 1 });
      assert.equal(session.ask('packet', { packet: 1 }).ok, false);
      isTrace = true;
      session.tell({ type: 'edit', revision: 2, edits });
      session.turnAll();
      assert.ok(session.ask('packet', { packet: 1 }).ok);
    });
  });

  const refused: [title: string, query: string, params: unknown][] = [
    ['an unknown query', 'rm', {}],
    ['a name from the prototype', 'constructor', {}],
    ['no parameters', 'packet', null],
    ['a missing parameter', 'segments', { connection: 0, start: 0 }],
    ['an inherited parameter', 'packet', Object.create({ packet: 1 })],
    ['a negative number', 'packet', { packet: -1 }],
    ['a fraction', 'packet', { packet: 1.5 }],
    ['a number past 2^53', 'packet', { packet: 2 ** 53 }],
    ['NaN', 'place', { packet: NaN }],
    ['a string', 'place', { packet: '1' }],
    ['a direction of 2', 'problem', { connection: 0, row: 0, direction: 2 }],
    ['too many rows', 'connections', { start: 0, end: MAX_ROWS + 1 }],
    ['too many marks', 'marks', { connection: 0, limit: MAX_ROWS + 1 }],
  ];
  for (const [title, query, params] of refused)
    it(`refuses ${title}, and says so`, () => {
      const session = harness(() => fakeTrace(1));
      session.open();
      session.turnAll();
      const answer = session.ask(query, params, 9);
      assert.deepEqual([answer.id, answer.ok], [9, false]);
    });
});
