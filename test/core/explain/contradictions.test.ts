import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { render } from '../../../src/core/format/message';
import type { LessonPart } from '../../../src/core/model/lesson';
import type { Message } from '../../../src/core/model/message';
import type { SegmentRow } from '../../../src/core/model/segment';
import { ACCEPTANCE_RULES } from '../../support/acceptance-rules';
import { inProject } from '../../support/command';
import { EXPLANATION_RULES } from '../../support/explanation-rules';
import { FINDING_RULES } from '../../support/finding-rules';
import { LESSON_RULES } from '../../support/lesson-rules';
import type { Said } from '../../support/said';
import { captureFiles, readTrace } from '../../support/traces';

const filesIn = (folder: string): string[] =>
  readdirSync(inProject(folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);

/** Sentences about a segment are made in these files, and held against these rules. */
const KINDS = [
  {
    name: 'explanations',
    files: [
      ...['segment', 'series', 'time-wait', 'arrival', 'calls'].map((name) => `src/core/explain/${name}.ts`),
      ...filesIn('src/core/rules'),
    ],
    rules: EXPLANATION_RULES,
    seenAtLeast: 80,
  },
  { name: 'findings', files: filesIn('src/core/findings'), rules: FINDING_RULES, seenAtLeast: 18 },
  { name: 'lessons', files: ['src/core/explain/lesson.ts'], rules: LESSON_RULES, seenAtLeast: 50 },
  { name: 'tests of acceptance', files: ['src/core/explain/acceptance.ts'], rules: ACCEPTANCE_RULES, seenAtLeast: 18 },
] as const;

/** Parts of sentences, which are judged with them. */
const PARTS: ReadonlySet<string> = new Set([
  '(not in this text)',
  '{0} (also written {1})',
  'acknowledges {0} + 1',
  'acknowledges {0} + {1}',
  'acknowledges {0}',
  'Linux sends a SYN-ACK again after 1, 2, 4 … s, 5 times, and forgets the connection after 63 s.',
]);
/** Segments of a connection, from its first, whose lessons are judged: each takes a look at all before it. */
const LESSON_ROWS = 300;
/** Captures in which nobody remembers what they said: no lesson can be true of them. */
const THROWN_TOGETHER = [
  '-stories.', // segments at random
  'test5-lines-randomized', // its packets are shuffled
  'transform-base64-7296', // several connections of the same ports in one, with damage
  'reasm_crash_anon', // changed at random to make a program crash
];
/** These, and captures in which what lasts for longer than a segment is told otherwise than by the rows. */
const NOT_ORDINARY = [
  ...THROWN_TOGETHER,
  'zero_window_probe_accepted', // Wireshark forgets a probe that was taken, and calls its byte missing
];

/** The first arguments of `message(…)` in a source file. */
function templatesIn(file: string): string[] {
  const found: string[] = [];
  const source = ts.createSourceFile(file, readFileSync(inProject(file), 'utf8'), ts.ScriptTarget.Latest);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'message') {
      const text = node.arguments[0];
      assert.ok(text !== undefined && ts.isStringLiteralLike(text), `${file}: a template that is no constant`);
      found.push(text.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A sentence, whether it is true of what is said of it, and which kind it is. */
interface Judged {
  readonly kind: (typeof KINDS)[number]['name'];
  readonly sentence: Message;
  readonly isTrue: boolean;
}

describe('the sentences about a segment', () => {
  const templates = KINDS.map(({ files }) => new Set(files.flatMap(templatesIn).filter((text) => !PARTS.has(text))));

  for (const [i, { name, rules }] of KINDS.entries())
    it(`each have a rule about what is shown beside them: ${name}`, () => {
      const known = templates[i]!;
      assert.ok(known.size > 0);
      assert.deepEqual(
        [...known].filter((text) => !(text in rules)),
        [],
      );
      assert.deepEqual(
        Object.keys(rules).filter((text) => !known.has(text)),
        [],
        'rules without a sentence',
      );
    });

  it('contradict nothing that is shown beside them, in any capture', function () {
    this.timeout(120_000);
    const wrong = new Map<string, string[]>();
    const seen = new Map<string, Set<string>>(KINDS.map(({ name }) => [name, new Set()]));
    for (const file of captureFiles()) {
      const isOrdinary = !NOT_ORDINARY.some((name) => file.includes(name));
      const isTaught = !THROWN_TOGETHER.some((name) => file.includes(name));
      const trace = readTrace(file);
      const connections: SegmentRow[][] = [];
      for (let connection = 0; connection < trace.summary().connections; connection++)
        connections.push(trace.segments(connection, 0, Number.MAX_SAFE_INTEGER));
      const packets = new Map<number, SegmentRow[]>();
      for (const row of connections.flat()) packets.set(row.packet, [...(packets.get(row.packet) ?? []), row]);
      // Long courses repeat their lessons.
      const lessonOf = (row: SegmentRow): LessonPart[] =>
        isTaught && row.row < LESSON_ROWS ? trace.lessonOf(row) : [];
      for (const rows of connections)
        for (const row of rows)
          for (const { kind, sentence, isTrue } of judged(lessonOf(row), { row, rows, packets, isOrdinary })) {
            seen.get(kind)!.add(sentence.text);
            if (isTrue) continue;
            const place = `${path.basename(file)} packet ${row.packet}: ${render(sentence)}`;
            wrong.set(sentence.text, [...(wrong.get(sentence.text) ?? []), place]);
          }
    }
    assert.deepEqual(
      [...wrong].map(([, places]) => `${places.length} times, first: ${places[0]}`),
      [],
    );
    // A capture that is not read would have nothing wrong.
    for (const { name, seenAtLeast } of KINDS)
      assert.ok(seen.get(name)!.size >= seenAtLeast, `${name}: ${seen.get(name)!.size}`);
  });

  /** Every sentence about a segment that has a rule, judged. What has none is a comment: whatever somebody wrote. */
  function* judged(lesson: readonly { readonly text: Message }[], beside: Omit<Said, 'args'>): Generator<Judged> {
    const [explanations, findings, lessons, tests] = KINDS;
    for (const sentence of beside.row.explanation)
      for (const { name, rules } of [explanations, findings]) {
        const truth = rules[sentence.text];
        if (truth !== undefined && (beside.isOrdinary || name !== findings.name))
          yield { kind: name, sentence, isTrue: truth({ ...beside, args: sentence.args }) };
      }
    for (const { text: sentence } of lesson)
      yield {
        kind: lessons.name,
        sentence,
        isTrue: lessons.rules[sentence.text]!({ ...beside, args: sentence.args }),
      };
    for (const check of beside.row.checks)
      yield {
        kind: tests.name,
        sentence: check.text,
        isTrue: tests.rules[check.text.text]!({ ...beside, args: check.text.args, check }),
      };
  }
});
