import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { render } from '../../../src/core/format/message';
import type { SegmentRow } from '../../../src/core/model/segment';
import { EXPLANATION_RULES } from '../../support/explanation-rules';
import { captureFiles, readTrace } from '../../support/traces';
import { inProject } from '../../support/command';

/** Sentences about a segment are made in these files. */
const SOURCES = ['segment', 'series', 'time-wait', 'arrival', 'calls'].map((name) => `src/core/explain/${name}.ts`);
const NOTES = readdirSync(inProject('src/core/rules'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/core/rules/${name}`);
/** Parts of sentences, which are judged with them. */
const PARTS: ReadonlySet<string> = new Set([
  '(not in this text)',
  'acknowledges {0} + 1',
  'acknowledges {0} + {1}',
  'acknowledges {0}',
  'Linux sends a SYN-ACK again after 1, 2, 4 … s, 5 times, and forgets the connection after 63 s.',
]);
/** Captures in which nobody remembers what they said. */
const NOT_ORDINARY = [
  '-stories.', // segments thrown together
  'transform-base64-7296', // several connections of the same ports in one, with damage
  'test5-lines-randomized', // its packets are shuffled
  'zero_window_probe_accepted', // Wireshark forgets a probe that was taken, and calls its byte missing
];
/** Findings about a series of segments are judged by their own tests; a comment is whatever somebody wrote. */
const isJudgedHere = (text: string): boolean => text in EXPLANATION_RULES || templates().has(text);

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

let known: Set<string> | null = null;
const templates = (): Set<string> =>
  (known ??= new Set([...SOURCES, ...NOTES].flatMap(templatesIn).filter((text) => !PARTS.has(text))));

describe('the sentences about a segment', () => {
  it('each have a rule about what is shown beside them', () => {
    const rules = new Set(Object.keys(EXPLANATION_RULES));
    assert.deepEqual(
      [...templates()].filter((text) => !rules.has(text)),
      [],
    );
  });

  it('contradict nothing that is shown beside them, in any capture', function () {
    this.timeout(60_000);
    const wrong = new Map<string, string[]>();
    const unruled = new Set<string>();
    const seen = new Set<string>();
    for (const file of captureFiles()) {
      const isOrdinary = !NOT_ORDINARY.some((name) => file.includes(name));
      const trace = readTrace(file);
      const connections: SegmentRow[][] = [];
      for (let connection = 0; connection < trace.summary().connections; connection++)
        connections.push(trace.segments(connection, 0, Number.MAX_SAFE_INTEGER));
      const packets = new Map<number, SegmentRow[]>();
      for (const row of connections.flat()) packets.set(row.packet, [...(packets.get(row.packet) ?? []), row]);
      for (const rows of connections)
        for (const row of rows)
          for (const sentence of row.explanation) {
            const { text, args } = sentence;
            seen.add(text);
            const isTrue = EXPLANATION_RULES[text];
            if (isTrue === undefined) {
              if (isJudgedHere(text)) unruled.add(text);
            } else if (!isTrue({ row, rows, args, packets, isOrdinary })) {
              const place = `${path.basename(file)} packet ${row.packet}: ${render(sentence)}`;
              wrong.set(text, [...(wrong.get(text) ?? []), place]);
            }
          }
    }
    assert.deepEqual([...unruled], []);
    assert.deepEqual(
      [...wrong].map(([, places]) => `${places.length} times, first: ${places[0]}`),
      [],
    );
    // A capture that is not read would have nothing wrong.
    assert.ok(seen.size > 60, String(seen.size));
  });
});
