import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { slowOn } from '../support/growth';

const ROOT = path.resolve(__dirname, '../..');
/** Where text is read that others wrote. */
const FOLDERS = ['src/core/text', 'src/extension'];

interface Found {
  readonly place: string;
  readonly pattern: RegExp;
}

/** The regular expressions in a source file, and where patterns are put together, which no test can judge. */
function expressionsIn(file: string): { found: Found[]; made: string[] } {
  const source = ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest);
  const found: Found[] = [];
  const made: string[] = [];
  const visit = (node: ts.Node): void => {
    const place = `${file}:${source.getLineAndCharacterOfPosition(node.pos).line + 1}`;
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ place, pattern: new RegExp(node.text.slice(1, end), node.text.slice(end + 1)) });
    }
    const isMade = ts.isNewExpression(node) || ts.isCallExpression(node);
    if (isMade && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp') made.push(place);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { found, made };
}

describe('regular expressions', function () {
  this.timeout(120_000);

  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`),
  );
  const all = files.map(expressionsIn);

  it('are found, and none is put together while the program runs', () => {
    assert.ok(all.flatMap(({ found }) => found).length > 20);
    assert.deepEqual(
      all.flatMap(({ made }) => made),
      [],
    );
  });

  it('are known as slow where they are', () => {
    for (const pattern of [/^a+b?a+$/, /^##\s+(.+?)\s*$/, /\s*;/])
      assert.notDeepEqual(slowOn(pattern), [], String(pattern));
    for (const pattern of [/^\d{1,3}(?:[\s,'’_]\d{3})+$/, /\s/g, /^[^:]*:/])
      assert.deepEqual(slowOn(pattern), [], String(pattern));
  });

  for (const { place, pattern } of all.flatMap(({ found }) => found))
    it(`${place}: ${String(pattern)} takes linear time`, () => assert.deepEqual(slowOn(pattern), []));
});
