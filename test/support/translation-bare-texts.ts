import path from 'node:path';
import ts from 'typescript';
import { unwrapped } from './translation-keys';

/** Functions of the webview that put text on the screen, by the first argument that is shown. */
const SHOWN_FROM: Readonly<Record<string, number>> = {
  el: 2,
  svg: 2,
  setText: 1,
  setChildren: 1,
  replaceChildren: 0,
  append: 0,
  button: 0,
  dim: 0,
  line: 0,
};

/** Attributes that a person sees or hears. */
const SPOKEN = [
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'aria-valuetext',
  'title',
  'placeholder',
  'alt',
];

/** Properties of VS Code's own controls that are texts. */
const NATIVE = ['title', 'label', 'description', 'detail', 'placeHolder', 'placeholder', 'prompt', 'tooltip', 'name'];

/**
 * English texts that reach the screen without a translation: literals where the webview makes elements and where the
 * extension fills VS Code's own controls.
 */
export function bareTexts(root: string): string[] {
  const found: string[] = [];
  for (const folder of ['webview', 'src/extension'])
    for (const file of ts.sys.readDirectory(path.join(root, folder), ['.ts'])) {
      const source = ts.createSourceFile(file, ts.sys.readFile(file)!, ts.ScriptTarget.Latest, true);
      const look = (node: ts.Node): void => {
        for (const text of shownIn(node, folder)) found.push(`${path.relative(root, file)}: ${text}`);
        ts.forEachChild(node, look);
      };
      look(source);
    }
  return [...new Set(found)];
}

function shownIn(node: ts.Node, folder: string): string[] {
  if (folder === 'webview') {
    if (ts.isCallExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.text
        : node.expression.getText();
      if (name === 'setAttribute')
        return isSpoken(node.arguments.find(ts.isStringLiteral)?.text) ? wordsOf(node.arguments.at(-1)!) : [];
      return node.arguments.slice(SHOWN_FROM[name] ?? Infinity).flatMap(wordsOf);
    }
    // In the attributes of an element; titles of columns and tabs are keys.
    const isAttribute =
      ts.isPropertyAssignment(node) &&
      ts.isCallExpression(node.parent.parent) &&
      /^(el|svg)$/.test(node.parent.parent.expression.getText());
    return isAttribute && isSpoken(nameOf(node)) ? wordsOf(node.initializer) : [];
  }
  if (ts.isPropertyAssignment(node) && NATIVE.includes(nameOf(node))) return wordsOf(node.initializer);
  const isAssignment = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (isAssignment && ts.isPropertyAccessExpression(node.left) && NATIVE.includes(node.left.name.text))
    return wordsOf(node.right);
  const isDialog =
    ts.isCallExpression(node) && /\.show(Information|Warning|Error)Message$/.test(node.expression.getText());
  return isDialog ? node.arguments.flatMap(wordsOf) : [];
}

const isSpoken = (name: string | undefined): boolean => name !== undefined && SPOKEN.includes(name);

const nameOf = (node: ts.PropertyAssignment): string => node.name.getText().replace(/['"]/g, '');

/** The literals with a word in them that an expression can be, outside of what it calls. */
function wordsOf(expression: ts.Expression): string[] {
  const node = unwrapped(expression);
  if (ts.isStringLiteralLike(node)) return /[a-z]{2}/i.test(node.text) ? [node.text] : [];
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(wordsOf);
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap(wordsOf);
  if (ts.isTemplateExpression(node)) {
    const own = [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text);
    return [
      ...own.filter((text) => /[a-z]{2}/i.test(text)),
      ...node.templateSpans.flatMap((span) => wordsOf(span.expression)),
    ];
  }
  return [];
}
