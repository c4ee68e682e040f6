import { tcpdump, type TcpdumpOptions } from './text-carries';
import { mailed, restored, tcpdumpKind, type WideKind } from './text-matrix';
import type { Carries } from './text-pairs';

const padded = (n: number, width: number, by = '0'): string => String(n).padStart(width, by);
const clock = (i: number): string =>
  `${padded(12 + (Math.floor(i / 3600) % 12), 2)}:${padded(Math.floor(i / 60) % 60, 2)}:${padded(i % 60, 2)}`;

/** What programs that log put in front of a line, with the pattern that takes it off again. */
const LOGGED: readonly (readonly [name: string, front: (i: number) => string, pattern: RegExp])[] = [
  ['composed', () => 'tcpdump-1  | ', /^tcpdump-1 {2}\| /gm],
  ['pod', () => '[pod/net-7d9c/tcpdump] ', /^\[pod\S+ /gm],
  ['pod-timed', (i) => `[pod/net/tcpdump] 2026-11-21T${clock(i)}.${i * 7 + 1}Z `, /^\[pod\S+ \S+ /gm],
  ['container', (i) => `2026-11-21T${clock(i)}.${padded(i, 9)}+01:00 stdout F `, /^2026\S+ stdout F /gm],
  [
    'syslog',
    (i) => `Nov ${padded(9 + (i >> 7), 2, ' ')} ${clock(i)} host tcpdump[123]: `,
    /^Nov.{13} host tcpdump\[123\]: /gm,
  ],
  ['journal-iso', (i) => `2026-11-21T${clock(i)}+0000 host tcpdump[123]: `, /^2026\S+ host tcpdump\[123\]: /gm],
  [
    'journal-precise',
    (i) => `Nov 21 ${clock(i)}.${padded((i * 7919) % 1_000_000, 6)} host tcpdump[123]: `,
    /^Nov 21 \S+ host tcpdump\[123\]: /gm,
  ],
  [
    'journal-monotonic',
    (i) => `[${padded(4321 + i, 5, ' ')}.${padded((i * 7919) % 1_000_000, 6)}] host tcpdump[123]: `,
    /^\[ *[\d.]+\] host tcpdump\[123\]: /gm,
  ],
  [
    'journal-unix',
    (i) => `${1763726400 + i}.${padded((i * 7919) % 1_000_000, 6)} host tcpdump[123]: `,
    /^\d+\.\d+ host tcpdump\[123\]: /gm,
  ],
  [
    'rfc-5424',
    (i) => `<14>1 2026-11-21T${clock(i)}.${padded(i % 1000, 3)}Z host tcpdump 123 - - `,
    /^<14>1 \S+ host tcpdump 123 - - /gm,
  ],
  ['ts', (i) => `Nov 21 ${clock(i)} `, /^Nov 21 \S+ /gm],
  ['ts-elapsed', (i) => `00:${padded(Math.floor(i / 60) % 60, 2)}:${padded(i % 60, 2)} `, /^00:\d\d:\d\d /gm],
  ['ts-unix', (i) => `${1763726400 + i}.${padded((i * 7919) % 1_000_000, 6)} `, /^1763\d+\.\d+ /gm],
  ['job', (i) => `[${clock(i)}] `, /^\[\d\d:\d\d:\d\d\] /gm],
  [
    'log4j',
    (i) => `[2026-11-21 ${clock(i)},${padded((i * 37) % 1000, 3)}] INFO capture - `,
    /^\[2026\S+ \S+\] INFO capture - /gm,
  ],
  [
    'python',
    (i) => `2026-11-21 ${clock(i)},${padded((i * 37) % 1000, 3)} INFO tcpdump: `,
    /^2026\S+ \S+ INFO tcpdump: /gm,
  ],
  [
    'threads',
    (i) => `2026-11-21 ${clock(i)}.${padded((i * 37) % 1000, 3)} [pool-${1 + (i % 3)}-thread-1] DEBUG c.e.Capture - `,
    /^2026\S+ \S+ \[\S+\] DEBUG c\.e\.Capture - /gm,
  ],
  ['windows', (i) => `11/21/2026 ${clock(i)} PM Information tcpdump: `, /^11\/21\/2026 \S+ PM Information tcpdump: /gm],
  [
    'logcat',
    (i) => `11-21 ${clock(i)}.${padded((i * 37) % 1000, 3)}  1234  1234 I tcpdump : `,
    /^11-21 \S+ {2}1234 {2}1234 I tcpdump : /gm,
  ],
  [
    'klog',
    (i) => `I1121 ${clock(i)}.${padded(i, 6)}    1234 capture.go:12] `,
    /^I1121 \S+ {4}1234 capture\.go:12\] /gm,
  ],
  ['named', () => 'trace.txt:', /^trace\.txt:/gm],
  ['named-counted', (i) => `trace.txt:${i + 1}:`, /^trace\.txt:\d+:/gm],
  ['commented', () => '# ', /^# /gm],
  ['diffed', () => '+', /^\+/gm],
  ['quoted-twice', () => '>> ', /^>> ?/gm],
  ['listed', () => '  * ', /^ {2}\* /gm],
];

const logged = (kind: WideKind): WideKind[] =>
  LOGGED.map(([name, front, pattern]) => ({
    ...kind,
    kind: `${kind.kind} ${name}`,
    carries: restored(kind.carries, (lines) => lines.replaceAll(pattern, '')),
    rewritten: (text) =>
      `${text
        .trimEnd()
        .split('\n')
        .map((line, i) => front(i) + line)
        .join('\n')}\n`,
  }));

/** What becomes of single characters on the way, and how they were. */
const CHANGED: readonly (readonly [name: string, change: (text: string) => string, back: (lines: string) => string])[] =
  [
    [
      'found-in-colours',
      (text) => text.replaceAll(/Flags|IP|0x0/g, '\u001b[01;31m\u001b[K$&\u001b[m\u001b[K'),
      (lines) => lines.replaceAll(/\u001b\[[\d;]*[mK]/g, ''),
    ],
    ['expanded', (text) => text.replaceAll(/^\t/gm, '        '), (lines) => lines.replaceAll(/^ {8}(?=0x)/gm, '\t')],
    ['unbroken', (text) => text.replaceAll(' ', '\u00a0'), (lines) => lines.replaceAll('\u00a0', ' ')],
    [
      'escaped',
      (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      (lines) => lines.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
    ],
  ];

const changed = (kind: WideKind): WideKind[] =>
  CHANGED.map(([name, change, back]) => ({
    ...kind,
    kind: `${kind.kind} ${name}`,
    carries: restored(kind.carries, back),
    rewritten: change,
  }));

/** As `fold -s` breaks lines, which leaves the blanks where they were, and as `fold` does. */
const folded =
  (width: number, betweenWords: boolean) =>
  (text: string): string =>
    text
      .split('\n')
      .flatMap((line) => {
        const pieces: string[] = [];
        let rest = line;
        while (rest.length > width) {
          const blank = betweenWords ? rest.lastIndexOf(' ', width - 1) + 1 : 0;
          const at = blank > 0 ? blank : width;
          pieces.push(rest.slice(0, at));
          rest = rest.slice(at);
        }
        return [...pieces, rest];
      })
      .join('\n');

const wrapped = (kind: WideKind): WideKind[] => [
  ...[72, 76].map((width) => ({
    ...kind,
    kind: `${kind.kind} mailed-${width}`,
    carries: restored(kind.carries, (lines) => lines.replaceAll(/^(?:> )+/gm, '').replaceAll(/\n(?!\t)\s*/g, ' ')),
    rewritten: mailed(width, width === 72 ? '' : '> '),
  })),
  ...[72, 76, 80].flatMap((width) =>
    [true, false].map((betweenWords) => ({
      ...kind,
      kind: `${kind.kind} folded-${betweenWords ? 's-' : ''}${width}`,
      carries: restored(kind.carries, (lines) => lines.replaceAll(/\n(?!\t)/g, '')),
      rewritten: folded(width, betweenWords),
    })),
  ),
];

/** A line of tcpdump 4 with a segment in it. */
const SEGMENT =
  /^(.*: )Flags \[([^\]]*)\](?:, cksum (0x[\da-f]+) \((correct|incorrect [^)]*)\))?(?:, seq (\d+)(?::(\d+))?)?(?:, ack (\d+))?, win (\d+)(?:, urg (\d+))?(?:, options \[([^\]]*)\])?, length (\d+)(?:: .*)?$/;

/** The same as versions before 4 print it: 3.9 has the checksum behind the flags. */
function agedLine(line: string): string {
  const found = SEGMENT.exec(line);
  if (found === null) return line;
  const [, front, flags, checksum, verdict, first, , ack, window, urgent, options, length] = found;
  const letters = ['S', 'F', 'R', 'P', 'W', 'E'].filter((letter) => flags!.includes(letter)).join('') || '.';
  const numbers =
    first === undefined || (Number(length) === 0 && !/[SFR]/.test(letters))
      ? ''
      : ` ${first}:${(Number(first) + Number(length)) % 2 ** 32}(${length})`;
  return [
    `${front}${letters}`,
    checksum === undefined ? '' : `, cksum ${checksum} (${verdict!.replace('incorrect ', 'incorrect (')}),`,
    numbers,
    ack === undefined ? '' : ` ack ${ack}`,
    ` win ${window}`,
    urgent === undefined ? '' : ` urg ${urgent}`,
    options === undefined ? '' : ` <${options.replaceAll(/TS val (\d+) ecr (\d+)/g, 'timestamp $1 $2')}>`,
  ].join('');
}

const agedText = (text: string): string => text.split('\n').map(agedLine).join('\n');

/** As it stands in Stevens' books: a number, seconds from the first packet and since the one before, narrow columns. */
function printed(text: string): string {
  // Those of a capture whose times go back behind its first: no book has one.
  if (/^-\d/m.test(text)) return agedText(text);
  let before = 0;
  let number = 0;
  return agedText(text)
    .split('\n')
    .map((line) => {
      const [, hours, minutes, seconds, rest] = /^ (\d\d):(\d\d):(\d\d\.\d+) (?:IP )?(.*)$/.exec(line) ?? [];
      if (rest === undefined) return line;
      const at = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      const front = number++ === 0 ? '0.0' : `${at.toFixed(6)} (${(at - before).toFixed(4)})`;
      before = at;
      const words = rest.split(/(?= (?:win|ack|<))/);
      const broken =
        rest.length > 60 && words.length > 1 ? [words.slice(0, -2).join(''), words.slice(-2).join('')] : [rest];
      return `${padded(number, 3, ' ')}  ${front.padEnd(20)} ${broken.filter((part) => part !== '').join(`\n${' '.repeat(40)}`)}`;
    })
    .join('\n');
}

/** Text of versions before 4; where a line is as in version 4, what that carries. */
function old(options: TcpdumpOptions): Carries {
  const modern = tcpdump(options);
  const isModern = (lines: string): boolean => /Flags \[|\[\|tcp\]/.test(lines);
  const options4 = (lines: string): string => lines.replaceAll(/</g, ', options [');
  return {
    ...modern,
    segment: (lines) => modern.segment(lines) || / > \S+: [SFRPWE.]+(,| \d+:\d+\(|\s+ack|\s+win)/.test(lines),
    field(name, lines) {
      if (isModern(lines)) return modern.field(name, lines);
      switch (name) {
        case 'seq':
        case 'seqRaw':
          return / \d+:\d+\(\d+\)/.test(lines);
        case 'ack':
        case 'ackRaw':
          return /\sack \d/.test(lines);
        case 'options':
          return modern.field(name, `${options4(lines)}, win 1`);
        default:
          return name !== 'checksum' || /cksum 0x/.test(lines);
      }
    },
  };
}

const aged = (args: readonly string[]): WideKind => {
  const kind = tcpdumpKind(args);
  const { names, untimed, delta } = kind.carries;
  return {
    ...kind,
    kind: `${kind.kind} aged`,
    carries: old({ names: names === true, untimed: untimed === true, delta: delta === true }),
    rewritten: agedText,
  };
};

/** Every line cut at a width, as `cut -c` does, or a window that is copied from. */
function cut(args: readonly string[], width: number): WideKind {
  const kind = tcpdumpKind(args);
  const isCut = (line: string): boolean => line.length >= width;
  // What stands at the end may go on: only what a comma follows is whole.
  const sure = (lines: string): string =>
    lines
      .split('\n')
      .map((line) => (isCut(line) ? line.slice(0, Math.max(0, line.lastIndexOf(','))) : line))
      .join('\n');
  return {
    ...kind,
    kind: `${kind.kind} cut-${width}`,
    carries: {
      ...kind.carries,
      unfinished: (lines) => lines.split('\n').some(isCut),
      field: (name, lines) =>
        kind.carries.field(name, sure(lines)) &&
        // More letters may follow.
        (name !== 'flags' || /: Flags \[[^\]]*\]/.test(lines)) &&
        // Options of a SYN are at the end.
        name !== 'scaledWindow' &&
        (name !== 'options' || !lines.split('\n').some(isCut)) &&
        (name !== 'len' || !lines.split('\n').some(isCut) || /, seq \d+:\d+,/.test(sure(lines))),
    },
    rewritten: (text) =>
      text
        .split('\n')
        .map((line) => line.slice(0, width))
        .join('\n'),
  };
}

/** Texts of tcpdump as others give them on. */
export const SHAPED_KINDS: readonly WideKind[] = [
  ...[['-n'], ['-nn', '-v'], ['-nn', '-x', '-tttt']].map(tcpdumpKind).flatMap(logged),
  ...[
    ['-n', '-v'],
    ['-nn', '-X', '-e'],
  ]
    .map(tcpdumpKind)
    .flatMap(changed),
  ...[['-n'], ['-nn', '-v'], ['-tttt', '-e', '-nn'], ['-n', '-t'], ['-tt', '-vv', '-S', '-nn']]
    .map(tcpdumpKind)
    .flatMap(wrapped),
  ...[['-n'], ['-n', '-v'], ['-n', '-t'], ['-tt', '-S', '-n'], ['-e', '-nn'], []].map(aged),
  {
    ...tcpdumpKind(['-ttttt', '-n']),
    kind: 'tcpdump-ttttt-n printed',
    carries: old({ names: false, untimed: false, delta: true }),
    rewritten: printed,
  },
  cut(['-n'], 100),
  cut(['-n', '-tttt'], 132),
  cut(['-nn', '-v'], 120),
];
