import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { inProject } from '../support/command';
import { COMMANDS } from '../../src/cli/commands/registry';
import { ACK, PSH, SYN } from '../../src/core/model/flags';
import { encodePcapNs } from '../support/pcap-ns';
import { privateCapture, SECRETS } from '../support/private-capture';
import { encodeFrame } from '../support/tcp-frames';
import { sampleFile } from '../support/traces';

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a process of its own. */
describe('the command line', function () {
  this.timeout(30_000);
  const FTP = sampleFile('ftp-textbook.pcap');
  const ZERO_WINDOW = sampleFile('zero-window.pcap');
  let folder: string;
  let bundle: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'cli-'));
    bundle = path.join(folder, 'cli.cjs');
    await build({ entryPoints: [inProject('src/cli/main.ts')], outfile: bundle, bundle: true, platform: 'node' });
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], input?: Uint8Array): Result => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      ...(input === undefined ? {} : { input }),
    });
    return { code: status, out: stdout, err: stderr };
  };
  const lines = (text: string): string[] => text.split('\n').slice(0, -1);
  const records = (result: Result): Record<string, unknown>[] =>
    lines(result.out).map((line) => JSON.parse(line) as Record<string, unknown>);
  const file = (name: string, bytes: Uint8Array): string => {
    const at = path.join(folder, name);
    writeFileSync(at, bytes);
    return at;
  };

  /** Where a packet's record begins in the FTP sample, by the lengths in the records before it. */
  const start = (packet: number): number => {
    const bytes = readFileSync(FTP);
    let at = 24;
    for (let before = 1; before < packet; before++) at += 16 + bytes.readUInt32LE(at + 8);
    return at;
  };

  describe('used wrongly exits with 1, says why and how to use it, and prints nothing', () => {
    for (const [what, args, why] of [
      ['no command', [], 'which command?'],
      ['an unknown command', ['dance', FTP], 'no command "dance"'],
      ['a command by the name of what every object has', ['toString', FTP], 'no command "toString"'],
      ['no file', ['info'], 'info: which file?'],
      ['two files', ['info', FTP, ZERO_WINDOW], 'info: one file at a time'],
      ['an unknown option', ['info', FTP, '--fast'], '--fast'],
      ['a packet that is no number', ['info', FTP, '--from', '0'], '--from: "0" is not a number from 1 on'],
      ['a range that ends before it begins', ['info', FTP, '--from', '9', '--to', '2'], '--from is behind --to'],
      [
        'a filter that needs an analysis',
        ['info', FTP, '--only', 'tcp.stream == 1'],
        '--only: tcp.stream is known only',
      ],
      ['a connection that is no number', ['segments', FTP, '--connection', 'one'], '"one" is not a number'],
      ['a connection that is not there', ['segments', FTP, '--connection', '1'], 'there is no connection 1'],
      ['an unknown note', ['segments', FTP, '--note', 'wrong'], '"wrong" is none of retransmission'],
      ['a diagram of no connection', ['diagram', FTP], '--connection is needed'],
      [
        'a diagram of a connection that is not there',
        ['diagram', FTP, '--connection', '7'],
        'there is no connection 7',
      ],
      ...['5-4', '0', 'x', '1-2-3', ''].map(
        (packets) =>
          [
            `packets ${packets}`,
            ['diagram', FTP, '--connection', '0', '--packets', packets],
            `--packets: "${packets}" is none of N-M`,
          ] as const,
      ),
      [
        'packets that the connection has no part in',
        ['diagram', FTP, '--connection', '0', '--packets', '21-30'],
        'connection 0 has no segment in these packets',
      ],
      ['a threshold without a number', ['diagnose', FTP, '--threshold', 'idleCut'], '"idleCut" is not NAME=NUMBER'],
      ['an unknown threshold', ['diagnose', FTP, '--threshold', 'idle=3'], '"idle" is none of synFloodHalfOpen'],
      ['a threshold out of bounds', ['diagnose', FTP, '--threshold', 'idleCut=0'], 'idleCut is between 1 and 86400'],
      ['an unknown format', ['diagram', FTP, '--connection', '0', '--format', 'png'], '"png" is none of text'],
    ] as const)
      it(what, () => {
        const { code, out, err } = run(args);
        assert.equal(code, 1);
        assert.equal(out, '');
        assert.ok(err.startsWith('tcp-trace: '), err);
        assert.ok(lines(err)[0]!.includes(why), err);
        assert.match(err, /^Usage:$/m);
      });
  });

  it('says how it is used when asked', () => {
    const { code, out, err } = run(['--help']);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^Usage:\n {2}tcp-trace info FILE/);
    const commands = [...out.matchAll(/^ {2}tcp-trace (\w+) FILE/gm)].map(([, command]) => command);
    assert.deepEqual(commands, Object.keys(COMMANDS), 'each command, once');
    assert.deepEqual(
      out.split('\n').filter((line) => line.length > 120),
      [],
      'fits a terminal',
    );
  });

  describe('that cannot read its input exits with 2 and says so in one line', () => {
    const cases: readonly (readonly [what: string, name: () => string, why: RegExp])[] = [
      ['a file that does not exist', () => path.join(folder, 'nothing.pcap'), /no such file/],
      ['a folder', () => folder, /./],
      ['an empty file', () => file('empty.pcap', new Uint8Array()), /./],
      ['a file that is no capture', () => file('text.pcap', Buffer.from('Not a capture\u001b[31m\n')), /Not a capture/],
    ];
    for (const [what, name, why] of cases)
      it(what, () => {
        const { code, out, err } = run(['info', name()]);
        assert.equal(code, 2, err);
        assert.equal(out, '');
        assert.equal(lines(err).length, 1, err);
        assert.match(err, why);
        assert.ok(!err.includes('\u001b'), 'control characters are shown, not sent');
      });
  });

  it('prints what could be read of a damaged file, one line about the damage, and exits with 2', () => {
    const cut = file('cut.pcap', readFileSync(FTP));
    truncateSync(cut, 1790);
    for (const command of ['info', 'connections', 'segments']) {
      const { code, out, err } = run([command, cut, '--json']);
      assert.equal(code, 2);
      assert.equal(lines(err).length, 1, err);
      assert.equal(
        err,
        `tcp-trace: ${cut}: The file was cut short in the middle of packet 20, at byte ${start(20)}.\n`,
      );
      assert.equal(lines(out).length, command === 'segments' ? 19 : 1);
    }
  });

  it('says the byte of damage inside a compressed file as one of the decompressed data', () => {
    const { code, err } = run(['info', file('cut.pcap.gz', gzipSync(readFileSync(FTP).subarray(0, 1790)))]);
    assert.equal(code, 2);
    assert.match(
      err,
      new RegExp(
        `: The file was cut short in the middle of packet 20, at byte ${start(20)}\\. Bytes are counted in the decompressed data\\.\n$`,
      ),
    );
    const cut = run(['info', file('short.pcap.gz', gzipSync(readFileSync(FTP)).subarray(0, -200))]);
    assert.equal(cut.code, 2);
    assert.match(
      cut.err,
      /: Reading stopped at byte \d+ of the decompressed data: The compressed data was cut short\.\n$/,
    );
  });

  it('says its version', () => {
    const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { version: string };
    for (const option of ['--version', '-V'])
      assert.deepEqual(run([option]), { code: 0, out: `tcp-trace ${version}\n`, err: '' });
  });

  it('counts one of something as one', () => {
    const frame = encodeFrame({
      source: 1,
      destination: 2,
      sourcePort: 1,
      destinationPort: 2,
      seq: 0,
      ack: 0,
      flags: SYN,
      window: 1,
    });
    const one = file('one.pcap', encodePcapNs([{ timeNs: 0n, bytes: frame }]));
    assert.match(run(['info', one]).out, /^Link type: +Raw IP, 1 packet$/m);
    assert.match(run(['info', one]).out, /^Time span: +0 s$/m);
    assert.match(run(['connections', one]).out, / 1 segment {2}/);
    assert.match(
      run(['segments', one, '--connection', '1']).err,
      /there is no connection 1: the trace has 1 connection,/,
    );
  });

  it('reads standard input', () => {
    const fromFile = run(['segments', FTP, '--json']);
    const fromInput = run(['segments', '-', '--json'], readFileSync(FTP));
    assert.deepEqual(fromInput, fromFile);
    assert.equal(fromFile.code, 0);
  });

  it('reads standard input that is cut, and standard input that is empty', () => {
    assert.equal(run(['segments', '-', '--json'], readFileSync(FTP).subarray(0, 500)).code, 2);
    assert.equal(run(['info', '-'], new Uint8Array()).code, 2);
  });

  describe('prints as JSON', () => {
    const ENDPOINT = ['address', 'port'];
    const TCB = [
      'state',
      'iss',
      'sndUna',
      'sndNxt',
      'sndWnd',
      'sndUp',
      'sndWl1',
      'sndWl2',
      'irs',
      'rcvNxt',
      'rcvWnd',
      'rcvUp',
      'assumed',
    ];

    it('one object about the capture', () => {
      const [info, ...more] = records(run(['info', FTP, '--json']));
      assert.deepEqual(more, []);
      assert.deepEqual(
        { frames: info!.frames, segments: info!.segments, connections: info!.connections, warnings: info!.warnings },
        { frames: 20, segments: 20, connections: 1, warnings: [] },
      );
      assert.deepEqual(info!.linkTypes, [{ linkType: 1, name: 'Ethernet', frames: 20, supported: true }]);
      assert.match(info!.start as string, /^\d+\.\d{9}$/);
      assert.equal(typeof info!.format, 'string');
      assert.equal(info!.durationNs, 10_869_086_000);
    });

    it('one object a connection, with names in the order of the contract', () => {
      const [row] = records(run(['connections', FTP, '--json']));
      assert.deepEqual(
        Object.keys(row!).filter((name) => !['problems', 'assumed', 'clauses'].includes(name)),
        [
          'connection',
          'client',
          'server',
          'partial',
          'firstPacket',
          'lastPacket',
          'segments',
          'start',
          'durationNs',
          'payloadBytes',
          'state',
          'completeness',
          'handshakeRttNs',
          'notes',
          'verdict',
        ],
      );
      assert.deepEqual(
        { ...row, problems: 0 },
        {
          connection: 0,
          client: { address: '10.1.0.2', port: 51234 },
          server: { address: '10.2.0.9', port: 21 },
          partial: false,
          firstPacket: 1,
          lastPacket: 20,
          segments: 20,
          start: '1709631000.000040000',
          durationNs: 10_869_086_000,
          payloadBytes: { client: 26, server: 94 },
          state: { client: 'CLOSED', server: 'TIME-WAIT' },
          completeness: ['SYN', 'SYN-ACK', 'ACK', 'DATA', 'FIN'],
          handshakeRttNs: 20_928_000,
          notes: {},
          problems: 0,
          verdict: 'Opened by the client in 20.9 ms; closed in order, server first',
          assumed: { client: false, server: false },
          clauses: [
            { text: 'opened by the client in 20.9 ms', packets: [1, 2, 3] },
            { text: 'closed in order, server first', packets: [17, 18, 19, 20] },
          ],
        },
      );
    });

    it('one object a segment, with names in the order of the contract', () => {
      const rows = records(run(['segments', FTP, '--json']));
      assert.equal(rows.length, 20);
      for (const row of rows) {
        assert.deepEqual(Object.keys(row), [
          'packet',
          'time',
          'connection',
          'from',
          'source',
          'destination',
          'seq',
          'ack',
          'seqRaw',
          'ackRaw',
          'len',
          'flags',
          'window',
          'scaledWindow',
          'checksum',
          'options',
          'notes',
          'acks',
          'ackRttNs',
          'bytesInFlight',
          'client',
          'server',
        ]);
        assert.deepEqual(
          [Object.keys(row.source as object), Object.keys(row.destination as object)],
          [ENDPOINT, ENDPOINT],
        );
        assert.deepEqual([Object.keys(row.client as object), Object.keys(row.server as object)], [TCB, TCB]);
      }
      const { client, server, ...third } = rows[2]!;
      assert.deepEqual(third, {
        packet: 3,
        time: '1709631000.020968000',
        connection: 0,
        from: 'client',
        source: { address: '10.1.0.2', port: 51234 },
        destination: { address: '10.2.0.9', port: 21 },
        seq: 1,
        ack: 1,
        seqRaw: 2452765131,
        ackRaw: 1996069413,
        len: 0,
        flags: ['ACK'],
        window: 502,
        scaledWindow: 64256,
        checksum: 'good',
        options: [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: 304118227, echo: 1871540347 }],
        notes: [],
        acks: 2,
        ackRttNs: 40_000,
        bytesInFlight: null,
      });
      assert.deepEqual(
        [(client as { state: string }).state, (server as { state: string }).state],
        ['ESTABLISHED', 'ESTABLISHED'],
      );
    });

    it('notes with what they refer to', () => {
      const rows = records(
        run(['segments', sampleFile('retransmission-timeout.pcap'), '--json', '--note', 'retransmission']),
      );
      assert.equal(rows.length, 3);
      for (const row of rows) {
        const [note] = row.notes as { kind: string; of: number; rtoNs: number }[];
        assert.equal(note!.kind, 'retransmission');
        assert.ok(note!.of < (row.packet as number));
        assert.ok(note!.rtoNs > 200_000_000);
      }
    });

    it('the same segments of one connection as of all', () => {
      const capture = sampleFile('start-here.pcapng');
      const all = records(run(['segments', capture, '--json']));
      for (const connection of [0, 3]) {
        const one = records(run(['segments', capture, '--json', '--connection', String(connection)]));
        assert.deepEqual(
          one,
          all.filter((row) => row.connection === connection),
        );
      }
    });

    it('the segments with a kind of note, and no others', () => {
      const all = records(run(['segments', ZERO_WINDOW, '--json']));
      const noted = records(run(['segments', ZERO_WINDOW, '--json', '--note', 'zero-window']));
      const has = (row: Record<string, unknown>): boolean =>
        (row.notes as { kind: string }[]).some((note) => note.kind === 'zero-window');
      assert.ok(noted.length > 0 && noted.length < all.length);
      assert.deepEqual(noted, all.filter(has));
    });

    it('the reasons of notes where they are asked for', () => {
      const rows = records(run(['segments', ZERO_WINDOW, '--json', '--why', '--note', 'zero-window']));
      for (const row of rows)
        for (const { why } of row.notes as { why: { condition: string; values: object; holds: boolean }[] }[]) {
          assert.ok(why.length > 0);
          for (const { condition, values, holds } of why)
            assert.deepEqual([typeof condition, typeof values, holds], ['string', 'object', true]);
        }
    });

    it('what a segment teaches, too', () => {
      const rows = records(run(['segments', FTP, '--json', '--why']));
      const lesson = rows[0]!['lesson'] as { topic: string; text: string }[];
      assert.deepEqual(lesson[0], {
        topic: 'role',
        text: 'Step 1 of the three-way handshake: the client asks to open a connection (SYN).',
      });
      assert.match(run(['segments', FTP, '--why']).out, /\n {8}If it were lost: The client would send it again/);
    });
  });

  it('prints for people without --json', () => {
    for (const command of ['info', 'connections', 'segments']) {
      const { code, out } = run([command, FTP]);
      assert.equal(code, 0);
      assert.ok(lines(out).length > 0);
      assert.throws(() => JSON.parse(lines(out)[0]!), SyntaxError);
    }
  });

  it('loads a part of a file, whose packets keep their numbers, and says what was left out', () => {
    const packets = (...args: string[]): unknown[] =>
      records(run(['segments', FTP, '--json', ...args])).map(({ packet }) => packet);
    assert.deepEqual(packets('--from', '3', '--to', '5'), [3, 4, 5]);
    assert.deepEqual(packets('--from', '18', '--max-packets', '2'), [18, 19]);
    assert.deepEqual(packets('--only', 'tcp.srcport == 21 && ip.dst == 10.1.0.2', '--to', '4'), [2, 4]);
    const { code, out } = run(['info', FTP, '--max-packets', '4']);
    assert.equal(code, 0);
    assert.match(out, /Only 4 packets are loaded, which is the limit\. What follows packet 4 was not read/);
  });

  describe('diagnoses a capture', () => {
    const SCAN = sampleFile('scan-syn.pcap');
    it('as JSON, one object a finding', () => {
      const found = records(run(['diagnose', SCAN, '--json']));
      const scan = found.find(({ kind }) => kind === 'syn-scan')!;
      assert.equal(scan['severity'], 'warning');
      assert.equal(scan['packetsTotal'], 51); // fifty ports, the filtered one twice
      assert.deepEqual(scan['crossed'], [{ threshold: 'portScanPorts', limit: 15, found: 50 }]);
      assert.deepEqual((scan['details'] as string[])[0], 'Open, answered by a SYN-ACK (3): 22, 80, 443');
      assert.match(scan['caution'] as string, /looks the same\.$/);
    });
    it('as text, by group', () => {
      const { code, out } = run(['diagnose', ZERO_WINDOW]);
      assert.equal(code, 0);
      assert.match(out, /^Quality of the capture\n {2}info: .*\[vantage-point\]\n/);
      assert.match(out, /\nSlowness and loss\n {2}warning: .* 2\.87 s in all .*\[zero-window-receiver\]\n/);
      assert.match(out, /Time with a closed window: 2\u202f874 ms, threshold 200 \(zeroWindow\)/);
    });
    it('by the thresholds that are given', () => {
      const kinds = (...more: string[]) => records(run(['diagnose', SCAN, '--json', ...more])).map(({ kind }) => kind);
      assert.ok(!kinds('--threshold', 'portScanPorts=51').includes('syn-scan'));
      assert.ok(kinds('--threshold', 'portScanPorts=50', '--threshold', 'idleCut=5').includes('syn-scan'));
    });
  });

  describe('draws a connection', () => {
    /** A client that would like to be executed wherever its words are shown. */
    const hostile = (): string => {
      const text = Buffer.from('</text><script>alert("&1")</script>\u0007 #59; ]]> {x}');
      const said = {
        source: 0x0a000001,
        destination: 0x0a000002,
        sourcePort: 40000,
        destinationPort: 80,
        window: 1000,
      };
      const data = encodeFrame({ ...said, seq: 1, ack: 1, flags: ACK | PSH, payload: text });
      return file(
        'hostile.pcap',
        encodePcapNs([
          { timeNs: 0n, bytes: encodeFrame({ ...said, seq: 0, ack: 0, flags: SYN }) },
          { timeNs: 1n, bytes: data },
          { timeNs: 2n, bytes: data },
        ]),
      );
    };
    const draw = (capture: string, format: string): string => {
      const { code, out, err } = run(['diagram', capture, '--connection', '0', '--format', format]);
      assert.deepEqual([code, err], [0, '']);
      return out;
    };

    it('as text, a line a segment, with both states', () => {
      const drawn = lines(draw(FTP, 'text'));
      assert.equal(drawn.filter((line) => /─→|←─/.test(line)).length, 20);
      assert.match(
        drawn.find((line) => /^. +17 /.test(line))!,
        /CLOSE-WAIT.*←─.*FIN.*FIN-WAIT-1 +close\(\)\?/,
      );
      assert.match(drawn[0]!, /client 10\.1\.0\.2:51234 .* server 10\.2\.0\.9:21/);
    });

    it('as text with its phases in brackets: 3 rows, 13 and 4', () => {
      const drawn = lines(draw(FTP, 'text'));
      const beside = drawn.map((line) => /^([┌│└]) +\d/.exec(line)?.[1] ?? '').join('');
      assert.equal(beside, `┌│└┌${'│'.repeat(11)}└┌││└`);
      assert.deepEqual(
        drawn.filter((line) => /^(Handshake|Data|Close)/.test(line)),
        ['Handshake', 'Data', 'Close'],
      );
    });

    it('as text is the default', () => {
      assert.equal(run(['diagram', FTP, '--connection', '0']).out, draw(FTP, 'text'));
    });

    it('of a part, from one packet to another, as the whole has it', () => {
      const whole = lines(draw(FTP, 'text')).filter((line) => /─→|←─/.test(line));
      for (const [packets, first, last] of [
        ['4-9', 4, 9],
        ['17-', 17, 20],
        ['1-3', 1, 3],
        ['16', 16, 16],
        ['18-99', 18, 20],
      ] as const) {
        const { code, out } = run(['diagram', FTP, '--connection', '0', '--packets', packets]);
        assert.equal(code, 0);
        const drawn = lines(out).filter((line) => /─→|←─/.test(line));
        // Packets of this capture are rows of its only connection; bracket and time count from where the part begins.
        const told = (line: string): string => line.replace(/^.{27}/, '').replace(/ {2,}/g, ' ');
        assert.deepEqual(drawn.map(told), whole.slice(first - 1, last).map(told), packets);
        assert.match(out, first === 1 ? /the first 3 segments; 17 more/ : /shows segments? \d+ .*of 20/);
      }
      const mermaid = run(['diagram', FTP, '--connection', '0', '--packets', '1-3', '--format', 'mermaid']).out;
      assert.equal(lines(mermaid).filter((line) => /^ {2}[CS](->>|-->>|-x)[CS]: /.test(line)).length, 3);
    });

    it('as Mermaid, an arrow a segment', () => {
      const drawn = lines(draw(FTP, 'mermaid'));
      assert.equal(drawn[0], 'sequenceDiagram');
      assert.ok(drawn.includes('  Note over C,S: Handshake'));
      assert.equal(drawn.filter((line) => /^ {2}[CS](->>|-->>|-x)[CS]: /.test(line)).length, 20);
      assert.ok(drawn.includes('  Note left of C: close()? LAST-ACK'));
    });

    for (const [what, capture] of [
      ['', () => FTP],
      [' of hostile words', hostile],
    ] as const)
      it(`as SVG${what} that is well-formed and asks for nothing from outside`, () => {
        const drawn = draw(capture(), 'svg');
        assertWellFormed(drawn);
        assert.ok(!/<(script|image|foreignObject|style|use|a)\b/i.test(drawn));
        assert.ok(!/\b(href|src|on\w+)=/i.test(drawn));
        assert.equal(drawn.match(/https?:/g)?.length, 1, 'the namespace alone');
      });

    it('as Markdown, a line of a table a segment', () => {
      const drawn = lines(draw(FTP, 'markdown'));
      assert.match(drawn[0]!, /^### .*10\.1\.0\.2:51234 ⇄ 10\.2\.0\.9:21$/);
      const table = drawn.slice(2);
      const columns = table.map((line) => line.replace(/\\\|/g, '').split('|').length);
      assert.deepEqual(new Set(columns.slice(0, 25)), new Set([8]), 'six cells a line');
      assert.equal(table.filter((line) => /^\| \d+ \|/.test(line)).length, 20);
      assert.equal(table.filter((line) => /^\| {2}\|.*\*\*(Handshake|Data|Close)\*\*/.test(line)).length, 3);
      assert.match(
        table.find((line) => line.startsWith('| 17 |'))!,
        /CLOSE-WAIT .*← FIN.*close\(\)\? FIN-WAIT-1/,
      );
    });

    it('as Markdown in which hostile words mean nothing', () => {
      const drawn = draw(hostile(), 'markdown');
      // Outside of the heading and of what we mark ourselves, whatever Markdown gives a meaning has a backslash before it.
      assert.ok(!/(?<!\\)[<>{}&]/.test(drawn), drawn);
    });

    it('without addresses, names, comments and what programs said, where that is asked for', () => {
      const capture = file('private.pcapng', privateCapture());
      for (const format of ['text', 'svg', 'mermaid', 'markdown']) {
        const whole = draw(capture, format);
        for (const secret of [/10\.0\.0\.1/, /alpha/]) assert.match(whole, secret, format);
        // Mermaid has words only where something went wrong.
        if (format !== 'mermaid') assert.match(whole, /hunter2/, format);
        const args = ['diagram', capture, '--connection', '0', '--format', format, '--anonymise'];
        assert.doesNotMatch(run(args).out, SECRETS, format);
        assert.match(run(args).out, /SYN seq 0/, format);
        assert.doesNotMatch(run([...args.slice(0, -1), '--no-payload']).out, /hunter2/, format);
      }
    });

    it('with hostile words made inert', () => {
      const capture = hostile();
      for (const format of ['text', 'mermaid', 'svg'])
        assert.ok(!/[\u0000-\u0009\u000b-\u001f]/.test(draw(capture, format)), format);
      for (const line of lines(draw(capture, 'mermaid')).slice(1))
        assert.ok(!/[<>{}]/.test(line.replace(/^ {2}\w+(->>|-->>|-x)\w+:/, '')), line);
    });
  });

  it('writes names of files as inert text, each on its line', () => {
    if (process.platform === 'win32') return; // which has no such names
    const name = '\u001b[31mred\n\u202egnp.pcap';
    const missing = run(['info', path.join(folder, `no ${name}`)]);
    const bad = run(['info', file(`bad ${name}`, Buffer.from('nothing'))]);
    const damaged = run(['info', file(`cut ${name}`, readFileSync(FTP).subarray(0, -1))]);
    for (const { code, err } of [missing, bad, damaged]) {
      assert.equal(code, 2);
      assert.deepEqual([lines(err).length, err.includes('‹ESC›[31mred‹LF›‹U+202E›gnp.pcap')], [1, true], err);
    }
    const misused = run(['info', FTP, name]);
    assert.equal(misused.code, 1);
    assert.ok(!misused.err.includes('\u001b'));
  });

  it('says in one line that there is no place left for what it prints, and exits with 2', () => {
    // Writing to it fails as on a disk that is full (full(4)).
    if (!existsSync('/dev/full')) return;
    const full = openSync('/dev/full', 'w');
    try {
      const { status, stderr } = spawnSync(process.execPath, [bundle, 'segments', FTP, '--json'], {
        encoding: 'utf8',
        stdio: ['ignore', full, 'pipe'],
      });
      assert.equal(status, 2);
      assert.match(stderr, /^tcp-trace: standard output: cannot be written: ENOSPC[^\n]*\n$/);
    } finally {
      closeSync(full);
    }
    const { code, err } = run(['export', FTP, '--connection', '0', '-o', '/dev/full']);
    assert.equal(code, 2);
    assert.match(err, /^tcp-trace: \/dev\/full: cannot be written: ENOSPC[^\n]*\n$/);
  });

  it('stops without a word when nobody reads on (| head)', function () {
    if (process.platform === 'win32') return;
    const many = path.join(folder, 'many.pcap');
    const frame = encodeFrame({
      source: 1,
      destination: 2,
      sourcePort: 1,
      destinationPort: 2,
      seq: 0,
      ack: 0,
      flags: ACK,
      window: 1,
    });
    writeFileSync(many, encodePcapNs(Array.from({ length: 5000 }, (_, i) => ({ timeNs: BigInt(i), bytes: frame }))));
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', `set -o pipefail; "$0" "$1" segments "$2" --json | head -1`, process.execPath, bundle, many],
      { encoding: 'utf8' },
    );
    assert.equal(lines(stdout).length, 1);
    assert.deepEqual([status, stderr], [0, '']);
  });

  describe('export', () => {
    it('writes the packets of a connection as a capture that reads the same', () => {
      const out = path.join(folder, 'out.pcapng');
      const result = run(['export', FTP, '--connection', '0', '-o', out]);
      assert.deepEqual(result, { code: 0, out: '', err: '' });
      assert.equal(run(['segments', out, '--json']).out, run(['segments', FTP, '--json']).out);
    });

    it('drops payload, and addresses with everything that names them', () => {
      const out = path.join(folder, 'anonymous.pcapng');
      assert.equal(run(['export', FTP, '--connection', '0', '--anonymise', '--no-payload', '-o', out]).code, 0);
      const bytes = readFileSync(out);
      const [before] = records(run(['connections', FTP, '--json'])) as { client: { address: string } }[];
      const [after] = records(run(['connections', out, '--json'])) as { client: { address: string } }[];
      assert.notEqual(after!.client.address, before!.client.address);
      assert.ok(readFileSync(FTP).includes('USER ') && !bytes.includes('USER '));
      const numbers = (from: string): unknown[] =>
        records(run(['segments', from, '--json'])).map(({ seq, ack, len, flags }) => [seq, ack, len, flags]);
      assert.deepEqual(numbers(out), numbers(FTP));
    });

    it('writes segments as CSV with as many cells in every record', () => {
      const result = lines(run(['export', FTP, '--connection', '0', '--format', 'csv']).out);
      const [head, first] = result.map((line) => line.split(','));
      assert.equal(result.length, 1 + records(run(['segments', FTP, '--json'])).length);
      assert.equal(first![head!.indexOf('seqRaw')], '2452765130');
      assert.ok(result.every((line) => line.split(',').length === head!.length));
    });

    it('writes the table of connections, quoted where it must be', () => {
      const [head, ...rows] = lines(run(['export', FTP, '--format', 'csv']).out);
      assert.ok(head!.startsWith('connection,clientAddress,clientPort'));
      assert.ok(rows.length === 1 && rows[0]!.includes('"'), 'a verdict has commas');
    });

    it('writes JSON as the other commands do, but for anonymised addresses', () => {
      const all = (more: readonly string[]): Record<string, unknown>[] =>
        records(run(['export', FTP, '--connection', '0', '--format', 'json', ...more]));
      assert.deepEqual(all([]), records(run(['segments', FTP, '--json'])));
      const { address } = all([])[0]!.source as { address: string };
      assert.ok(!JSON.stringify(all(['--anonymise'])).includes(address));
    });

    it('says what is missing', () => {
      assert.match(run(['export', FTP]).err, /--connection is needed for pcapng/);
      const nowhere = path.join(folder, 'no', 'such', 'folder');
      assert.match(run(['export', FTP, '--format', 'csv', '-o', nowhere]).err, /cannot be written/);
    });
  });
});

/** Tags are balanced, attributes quoted, and text holds no markup that is not an entity (XML 1.0 §2.1, §2.4). */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  let rest = xml.trim();
  let roots = 0;
  while (rest !== '') {
    const text = /^[^<]+/.exec(rest)?.[0] ?? '';
    assert.ok(!/&(?!(amp|lt|gt|quot|apos);)|\]\]>|[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text), text);
    assert.ok(open.length > 0 || text.trim() === '', 'text outside the root');
    rest = rest.slice(text.length);
    if (rest === '') break;
    const tag = /^<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/.exec(rest);
    assert.ok(tag, `no tag: ${rest.slice(0, 80)}`);
    const [whole, closing, name, , empty] = tag;
    if (closing) assert.equal(open.pop(), name);
    else {
      if (open.length === 0) assert.equal(++roots, 1);
      if (!empty) open.push(name!);
    }
    rest = rest.slice(whole.length);
  }
  assert.deepEqual(open, []);
}
