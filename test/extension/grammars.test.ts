import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TRACE_LANGUAGES } from '../../src/extension/language/languages';
import { slowOn } from '../support/growth';

const ROOT = path.resolve(__dirname, '../..');
const json = <T>(file: string): T => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as T;

type Captures = Readonly<Record<string, { readonly name: string }>>;
interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
}
interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Pattern[];
}
interface Language {
  readonly id: string;
  readonly firstLine?: string;
  readonly configuration?: string;
}

const {
  languages,
  grammars: contributed,
  configurationDefaults: defaults,
} = json<{
  contributes: {
    languages: readonly Language[];
    grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
    configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
}>('package.json').contributes;

const GRAMMARS = new Map(contributed.map(({ scopeName, path: file }) => [scopeName, json<Grammar>(file)]));

interface Rule extends Pattern {
  readonly start: RegExp;
  readonly stop: RegExp | null;
}

/** The patterns as JavaScript's, which they are written to be; sticky ones would miss what stands before them. */
const rulesOf = (scope: string): readonly Rule[] =>
  GRAMMARS.get(scope)!.patterns.map((pattern) => ({
    ...pattern,
    start: new RegExp(pattern.match ?? pattern.begin!, 'dg'),
    stop: pattern.end === undefined ? null : new RegExp(pattern.end, 'dg'),
  }));

type Piece = readonly [text: string, name: string];

/**
 * What each piece of a line is, as TextMate has it: of the patterns that match nearest, the first in the list. A rule with
 * a beginning and an end is one piece up to its end, or to that of the line.
 */
function tokenize(rules: readonly Rule[], line: string): Piece[] {
  const pieces: Piece[] = [];
  /** Where each rule matches next, looked for again only once that is passed. */
  const next = new Map<Rule, RegExpExecArray | null>();
  for (let at = 0; at < line.length;) {
    let best: RegExpExecArray | null = null;
    let rule: Rule | null = null;
    for (const candidate of rules) {
      let found = next.get(candidate);
      if (found === undefined || (found !== null && found.index < at)) {
        candidate.start.lastIndex = at;
        next.set(candidate, (found = candidate.start.exec(line)));
      }
      if (found !== null && found[0] !== '' && (best === null || found.index < best.index)) {
        best = found;
        rule = candidate;
      }
    }
    if (best === null || rule === null) break;
    let end = best.index + best[0].length;
    if (rule.stop !== null) {
      rule.stop.lastIndex = end;
      end = rule.stop.exec(line)?.indices![0]![1] ?? line.length;
    }
    if (rule.name !== undefined) pieces.push([line.slice(best.index, end), shortName(rule.name)]);
    for (const [group, { name }] of Object.entries(rule.captures ?? {}))
      if (best[Number(group)] !== undefined) pieces.push([best[Number(group)]!, shortName(name)]);
    at = end;
  }
  return pieces;
}

const shortName = (name: string): string => name.replace(/\.(?:tcpdump|packetdrill|tcp-trace)$/, '');

describe('grammars', function () {
  this.timeout(60_000);

  it('are there for every language of text traces', () => {
    assert.deepEqual(
      contributed.map(({ language }) => language),
      [...TRACE_LANGUAGES],
    );
    for (const { scopeName } of contributed) assert.equal(GRAMMARS.get(scopeName)!.scopeName, scopeName);
  });

  const pieces = (scope: string, line: string): Piece[] => tokenize(rulesOf(scope), line);

  const named = (scope: string, line: string, name: string): string[] =>
    pieces(scope, line)
      .filter(([, found]) => found === name)
      .map(([text]) => text.trim());

  it('know the parts of a line of tcpdump', () => {
    const line =
      '10:00:00.010000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 5000, ack 1001, win 65160, options [mss 1460], length 0';
    assert.deepEqual(named('source.tcpdump', line, 'constant.other.time'), ['10:00:00.010000']);
    assert.deepEqual(named('source.tcpdump', line, 'variable.other.address'), ['10.0.0.2.80', '10.0.0.1.40000']);
    assert.deepEqual(named('source.tcpdump', line, 'keyword.operator.arrow'), ['>']);
    assert.deepEqual(named('source.tcpdump', line, 'keyword.control.flags'), ['S.']);
    assert.deepEqual(named('source.tcpdump', line, 'keyword.other.field'), [
      'Flags',
      'seq',
      'ack',
      'win',
      'options',
      'length',
    ]);
    assert.deepEqual(named('source.tcpdump', line, 'support.type.option'), ['mss']);
  });

  it('know addresses of IPv6 with their ports', () => {
    const line = '10:00:00.010000 IP6 2001:db8::1.443 > fe80::2.40000: Flags [.], ack 1, win 1, length 0';
    assert.deepEqual(named('source.tcpdump', line, 'variable.other.address'), ['2001:db8::1.443', 'fe80::2.40000']);
  });

  it('know the flags of old lines', () => {
    const line = '0.0 (0.0000) svr4.1037 > bsdi.discard: S 1415531521:1415531521(0) win 4096 <mss 1024>';
    assert.deepEqual(named('source.tcpdump', line, 'keyword.control.flags'), ['S']);
    for (const [old, flags] of [
      ['IP 10.1.1.2.34018 > 10.1.1.1.www: S, cksum 0x0dcf (correct), 28:28(0) win 5840 <mss 1460,timestamp 1 0>', 'S'],
      ['12:34:56.000000 IP svr4.1037 > bsdi.discard: SWE ', 'SWE'],
      ['P 69041:69628(587) ack 1583721 win 0 (DF)', 'P'],
      ['. ack 76 win 16308 (DF) [tos 0x10]', '.'],
    ] as const)
      assert.deepEqual(named('source.tcpdump', old, 'keyword.control.flags'), [flags], old);
  });

  it('know flags that people have written out', () => {
    const line = 'IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [PUSH.ACK], seq 1:11, ack 1, win 6379, length 10';
    assert.deepEqual(named('source.tcpdump', line, 'keyword.control.flags'), ['PUSH.ACK']);
  });

  it('know the layers that old details begin with', () => {
    for (const line of [
      'Frame 1 (74 bytes on wire, 74 bytes captured)',
      'Internet Protocol, Src: 192.168.1.1 (192.168.1.1), Dst: 192.168.1.2 (192.168.1.2)',
      'Internet Protocol Version 4, Src: 192.168.1.1, Dst: 192.168.1.2',
    ])
      assert.equal(pieces('source.tcp-trace', line)[0]?.[0], line);
  });

  it('know the parts of a packetdrill script', () => {
    const script = 'source.packetdrill';
    assert.deepEqual(named(script, '+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3', 'entity.name.function.syscall'), [
      'socket',
    ]);
    const segment = '+.1 < S. 0:0(0) ack 1 win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>';
    assert.deepEqual(named(script, segment, 'constant.other.time'), ['+.1']);
    assert.deepEqual(named(script, segment, 'keyword.operator.arrow'), ['<']);
    assert.deepEqual(named(script, segment, 'keyword.control.flags'), ['S.']);
    assert.deepEqual(named(script, '// a comment', 'comment.line.double-slash'), ['// a comment']);
    assert.deepEqual(named(script, '`sysctl -q net.ipv4.tcp_sack=0`', 'string.interpolated.shell'), [
      '`sysctl -q net.ipv4.tcp_sack=0`',
    ]);
  });

  it('know the parts of what tshark prints', () => {
    const line =
      '    2   0.010000    10.2.0.9 → 10.1.0.2    TCP 74 80 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460';
    assert.deepEqual(named('source.tcp-trace', line, 'keyword.control.flags'), ['SYN, ACK']);
    assert.deepEqual(named('source.tcp-trace', line, 'storage.type.protocol'), ['TCP']);
    assert.deepEqual(named('source.tcp-trace', line, 'keyword.other.field'), ['Seq', 'Ack', 'Win', 'Len', 'MSS']);
  });

  it('know states and control bits in the notation of RFCs', () => {
    const line = '  2.  SYN-SENT    --> <SEQ=100><CTL=SYN>               --> SYN-RECEIVED';
    assert.deepEqual(named('source.tcp-trace', line, 'entity.name.type.state'), ['SYN-SENT', 'SYN-RECEIVED']);
    assert.deepEqual(named('source.tcp-trace', line, 'constant.numeric'), ['2', '100', 'SYN']);
  });

  const FIRST_LINES: readonly [line: string, language: string | null][] = [
    ['10:00:00.010000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, win 1, length 0', 'tcpdump'],
    ['2023-11-14 22:13:20.123456 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, win 1, length 0', 'tcpdump'],
    ['1700000000.123456 IP6 ::1.80 > ::1.40000: Flags [.], ack 1, win 1, length 0', 'tcpdump'],
    ['    1  10:00:00.010000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, length 0', 'tcpdump'],
    ['10:00:00.010000 eth0  In  IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, length 0', 'tcpdump'],
    [' 00:00:00.000000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, length 0', 'tcpdump'],
    ['-00:00:00.000012 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, length 0', 'tcpdump'],
    ['    1   00:00:00.000000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, length 0', 'tcpdump'],
    ['IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [.], ack 1, win 1, length 0', 'tcpdump'],
    ['IP6 2001:db8::1.443 > fe80::2.40000: tcp 0', 'tcpdump'],
    ['IP (tos 0x0, ttl 64, id 45768, offset 0, flags [DF], proto TCP (6), length 60)', 'tcpdump'],
    ['02:0a:bc:00:00:00 > 02:0a:bd:00:00:00, ethertype IPv4 (0x0800), length 66: 10.0.0.1.1 > ', 'tcpdump'],
    ['listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes', 'tcpdump'],
    ['    1   0.000000    10.1.0.2 → 10.2.0.9    TCP 74 40000 → 80 [SYN] Seq=0 Win=64240 Len=0', 'tcp-trace-text'],
    ['    1\t  0.000000\t    10.1.0.2\t→\t10.2.0.9    \tTCP\t74\t40000 → 80 [SYN] Seq=0 Win=64240', 'tcp-trace-text'],
    [
      '    1   0.000000     10.1.0.2 50001 10.2.0.9     4000 TCP 74 50001 → 4000 [SYN] Seq=0 Win=64240',
      'tcp-trace-text',
    ],
    ['2026-11-21 02:20:03.228056 10.2.0.9 ← 10.1.0.2 TCP 50001 → 4000 [SYN, ACK] Seq=0', 'tcp-trace-text'],
    ['"No.","Time","Source","Destination","Protocol","Length","Info"', 'tcp-trace-text'],
    ['frame.number\tip.src\tip.dst\ttcp.srcport\ttcp.dstport\ttcp.flags', 'tcp-trace-text'],
    ['Frame 1: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)', 'tcp-trace-text'],
    ['// Test that packetdrill scripts are known', 'packetdrill'],
    ['0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3', 'packetdrill'],
    ['--tolerance_usecs=10000', 'packetdrill'],
    ['{', null],
    ['// a comment in some language', null],
    ['Dear diary, nothing happened.', null],
    ['IP addresses are > names: discuss', null],
    ['02:0a:bc:00:00:00 is the address of the router', null],
    ['[2023-11-14] job 12 -> 13 [OK] done', null],
    ['#!/bin/sh', null],
    ['2023-11-14 22:13:20.123456 INFO something was logged', null],
  ];
  for (const [line, language] of FIRST_LINES)
    it(`take ${JSON.stringify(line.slice(0, 40))} for ${language ?? 'no trace'}`, () => {
      const found = languages.filter(({ firstLine }) => firstLine !== undefined && new RegExp(firstLine).test(line));
      assert.deepEqual(
        found.map(({ id }) => id),
        language === null ? [] : [language],
      );
    });

  // Each by itself, in JavaScript's engine: the patterns are written so that it reads them as the editor's does.
  for (const scope of GRAMMARS.keys())
    it(`${scope} has patterns that take linear time on hostile lines`, () => {
      for (const { start, stop } of rulesOf(scope))
        for (const pattern of stop === null ? [start] : [start, stop])
          assert.deepEqual(slowOn(pattern), [], String(pattern));
    });

  it('of first lines take linear time on hostile lines', () => {
    for (const { firstLine } of languages)
      if (firstLine !== undefined) assert.deepEqual(slowOn(new RegExp(firstLine)), [], firstLine);
  });
});

describe('brackets', () => {
  interface Configuration {
    readonly brackets: readonly (readonly [string, string])[];
  }
  const configurationOf = (language: string): Configuration =>
    json(languages.find(({ id }) => id === language)!.configuration!);

  it('are no arrows: of “< S 0:0(0)” nobody waits for the other one', () => {
    for (const language of TRACE_LANGUAGES)
      assert.ok(
        !configurationOf(language)
          .brackets.flat()
          .some((sign) => '<>'.includes(sign)),
        language,
      );
  });

  // One that payload opens would give all that follows other colours, and one that it closes would look like a mistake.
  it('have no colours of their own where a text shows payload', () => {
    for (const language of ['tcpdump', 'tcp-trace-text'])
      assert.equal(defaults[`[${language}]`]?.['editor.bracketPairColorization.enabled'], false, language);
  });
});
