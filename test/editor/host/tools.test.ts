import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { preparedInvocation, TRACE_TOOLS } from '../../../src/extension/tools/register';
import { privateCapture } from '../../support/private-capture';
import { api, closeAll, EXTENSION, inWorkspace, open } from './captures';

type Answer = Readonly<Record<string, unknown>>;

/** Calls a tool as a language model's host does. */
async function call(name: string, input: object): Promise<Answer> {
  const result = await vscode.lm.invokeTool(`tcp_trace_${name}`, { input, toolInvocationToken: undefined });
  const [part] = result.content as { value: string }[];
  assert.equal(result.content.length, 1);
  return JSON.parse(part!.value) as Answer;
}

const failure = async (name: string, input: object): Promise<string> => {
  try {
    await call(name, input);
  } catch (error) {
    return String(error);
  }
  assert.fail('the tool answered');
};

interface Connection {
  readonly connection: number;
  readonly server: string;
  readonly verdict: string;
  readonly firstPacket: number;
}
interface Problem {
  readonly packet: number;
  readonly connection: number;
  readonly kinds: readonly string[];
  readonly link: string;
}

describe('tools for language models', () => {
  before(api);
  afterEach(closeAll);
  const SAMPLE = 'start-here.pcapng';

  it('are there as the manifest has them', () => {
    const contributed = (
      vscode.extensions.getExtension(EXTENSION)!.packageJSON as {
        contributes: { languageModelTools: { name: string; modelDescription: string }[] };
      }
    ).contributes.languageModelTools.map(({ name }) => name);
    assert.deepEqual(
      contributed.map((name) => name.replace('tcp_trace_', '')),
      ['list_connections', 'explain_packet', 'find_problems', 'connection_verdict'],
    );
    const registered = vscode.lm.tools.map(({ name }) => name);
    for (const name of contributed) assert.ok(registered.includes(name), name);
  });

  it('ask before anything of a trace is told, and say what they do', () => {
    const said = TRACE_TOOLS.map(({ id, says }) => {
      const input = { file: 'captures/shop.pcap', packet: 42, connection: 3 };
      const { invocationMessage, confirmationMessages } = preparedInvocation(says, input, 'other.pcap');
      assert.equal(confirmationMessages?.title, 'Tell the language model about captures/shop.pcap?', id);
      // What it gets, and what it does not.
      assert.match(confirmationMessages.message as string, /addresses, ports, times.*programs sent.*not given away/);
      return invocationMessage;
    });
    assert.deepEqual(said, [
      'Listing TCP connections',
      'Explaining packet 42',
      'Looking for TCP problems',
      'Judging TCP connection #3',
    ]);
    const { says } = TRACE_TOOLS[0]!;
    const titleFor = (input: unknown, active: string | null): string | undefined =>
      preparedInvocation(says, input, active).confirmationMessages?.title;
    assert.equal(titleFor({}, 'other.pcap'), 'Tell the language model about other.pcap?');
    assert.doesNotMatch(
      titleFor({ file: 'a\u202efcap.exe\n' }, null)!,
      /[\u202e\n]/,
      'a name cannot turn the question round',
    );
    assert.equal(titleFor(null, null), 'Tell the language model about the open trace?');
  });

  it('list the connections of the trace in the active editor', async () => {
    await open(inWorkspace(SAMPLE));
    const answer = await call('list_connections', {});
    assert.equal(answer['file'], SAMPLE);
    assert.equal(answer['total'], 6);
    const rows = answer['connections'] as Connection[];
    // The sample's README: two pages, a download, a refusal, a reset, a page that does not exist.
    assert.deepEqual(
      rows.map(({ server }) => server.replace(/^.*:/, '')),
      ['80', '80', '80', '8443', '4000', '80'],
    );
    assert.match(rows[3]!.verdict, /refused/i);
  });

  it('list page by page, and by a filter', async () => {
    const first = await call('list_connections', { file: SAMPLE, limit: 4 });
    assert.equal((first['connections'] as unknown[]).length, 4);
    assert.equal(first['next'], 4);
    const rest = await call('list_connections', { file: SAMPLE, start: 4, limit: 4 });
    assert.deepEqual([(rest['connections'] as unknown[]).length, rest['next']], [2, null]);
    const reset = await call('list_connections', { file: SAMPLE, filter: 'flags.rst' });
    assert.deepEqual(
      (reset['connections'] as Connection[]).map(({ connection }) => connection),
      [3, 4],
    );
    assert.match(await failure('list_connections', { file: SAMPLE, filter: 'tcp.prot == 80' }), /filter is wrong/);
  });

  it('explain a packet with the numbers of the trace', async () => {
    const answer = await call('explain_packet', { file: 'ftp-textbook.pcap', packet: 2 });
    // X + 1 of the textbooks' FTP session.
    assert.match(JSON.stringify(answer['explanation']), /2452765131/);
    // RFC 9293, figure 6: both states before and after a SYN-ACK.
    assert.deepEqual(answer['stateBefore'], { client: 'SYN-SENT', server: 'SYN-RECEIVED' });
    assert.deepEqual(answer['stateAfter'], { client: 'ESTABLISHED', server: 'SYN-RECEIVED' });
    assert.equal(answer['link'], 'ftp-textbook.pcap#packet=2');
    assert.match((answer['lesson'] as { queue: string }).queue, /queue of half-open connections of the server/);
  });

  it('find problems, each once, page by page', async () => {
    const all = (await call('find_problems', { file: SAMPLE, limit: 100 }))['problems'] as Problem[];
    const summary = (await open(inWorkspace(SAMPLE))).summary!;
    assert.ok(all.length > 1 && all.length <= summary.problems);
    assert.ok(all.some(({ packet, kinds }) => packet === 265 && kinds.includes('reset')));
    const paged: Problem[] = [];
    let next: unknown;
    do {
      const answer: Answer = await call('find_problems', { limit: 1, ...(next === undefined ? {} : { next }) });
      paged.push(...(answer['problems'] as Problem[]));
      next = answer['next'] ?? undefined;
    } while (next !== undefined);
    assert.deepEqual(paged, all);
    const of4 = (await call('find_problems', { connection: 4 }))['problems'] as Problem[];
    assert.deepEqual(
      of4,
      all.filter(({ connection }) => connection === 4),
    );
  });

  it('judge a connection, with the packets that it rests on', async () => {
    const answer = await call('connection_verdict', { file: SAMPLE, connection: 3 });
    assert.match(String(answer['verdict']), /refused/i);
    const packets = (answer['clauses'] as { packets: number[] }[]).flatMap((clause) => clause.packets);
    assert.ok(packets.includes(265), String(packets));
    assert.deepEqual(answer['stateAtEnd'], { client: 'CLOSED', server: 'CLOSED' });
  });

  it('take only what their schema says', async () => {
    for (const [name, input, said] of [
      ['explain_packet', { file: SAMPLE }, /packet/],
      ['explain_packet', { file: SAMPLE, packet: 0 }, /packet/],
      ['explain_packet', { file: SAMPLE, packet: '2' }, /packet/],
      ['explain_packet', { file: SAMPLE, packet: 99999 }, /no packet 99999/],
      ['connection_verdict', { file: SAMPLE, connection: 6 }, /no connection 6/],
      ['find_problems', { file: SAMPLE, connection: 6 }, /no connection 6/],
      ['find_problems', { file: SAMPLE, next: 'x' }, /next/],
      ['list_connections', { file: 'gone.pcap' }, /no file gone\.pcap/],
      ['list_connections', { file: '/etc/passwd' }, /no file/],
      ['list_connections', { file: '../../../etc/passwd' }, /no file/],
      ['list_connections', {}, /No trace is open/],
    ] as const)
      assert.match(await failure(name, input), said, `${name} ${JSON.stringify(input)}`);
  });

  it('give no payload, comments or names away', async () => {
    await vscode.workspace.fs.writeFile(inWorkspace('private.pcapng'), privateCapture());
    const file = 'private.pcapng';
    const said = JSON.stringify([
      await call('list_connections', { file }),
      await call('explain_packet', { file, packet: 2 }),
      await call('explain_packet', { file, packet: 3 }),
      await call('find_problems', { file }),
      await call('connection_verdict', { file, connection: 0 }),
    ]);
    // Addresses are what it is about.
    assert.doesNotMatch(said, /alpha|hunter2|a remark/);
    assert.match(said, /10\.0\.0\.1/);
  });

  it('answer shortly', async () => {
    const answer = await call('list_connections', { file: SAMPLE, limit: 100 });
    assert.ok(JSON.stringify(answer).length < 600 * 6, 'about 500 characters a connection');
    const { openCaptures } = await api();
    assert.equal(openCaptures, 0, 'no editor was opened for it');
  });
});
