import path from 'node:path';
import ts from 'typescript';

/** Where the keys of the translations come from, and what could not be told. */
export interface TranslationKeys {
  /** Every English text that is looked up in the bundle, with the places where it stands. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  /** Expressions that make a key when the program runs, so that no list of their texts can be read off the sources. */
  readonly unknown: readonly string[];
}

/** How to get from an object to a text in it: names of properties, indexes, `*` for any. */
type Path = readonly string[];

/**
 * Reads the keys off the sources: starting where texts are translated it goes back, with the compiler's help, to the
 * literals that can come there, through variables, parameters, properties, tables and the results of functions.
 *
 * @param root folder of the project
 * @param opaque names of constants that hold names of others (of services, say), which are not translated
 */
export function translationKeys(root: string, opaque: readonly string[]): TranslationKeys {
  const program = ts.createProgram(sourcesOf(root), optionsOf(root));
  const checker = program.getTypeChecker();
  const files = program
    .getSourceFiles()
    .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && !fileName.includes('/node_modules/'));
  const keys = new Map<string, string[]>();
  const unknown: string[] = [];
  const seen = new Set<string>();
  const numbers = new Map<ts.Node, number>();
  const { calls, values } = indexOf(files, checker);

  const placeOf = (node: ts.Node): string => {
    const file = node.getSourceFile();
    return `${path.relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  };
  const fail = (node: ts.Node): void => {
    unknown.push(`${path.relative(root, node.getSourceFile().fileName)}: ${node.getText()}`);
  };
  const add = (key: string, node: ts.Node): void => {
    const places = keys.get(key);
    if (places === undefined) keys.set(key, [placeOf(node)]);
    else places.push(placeOf(node));
  };
  /** True the first time that this way leads to that node. */
  const first = (node: ts.Node, way: Path): boolean => {
    let number = numbers.get(node);
    if (number === undefined) numbers.set(node, (number = numbers.size));
    const id = `${number}:${way.join('/')}`;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  };

  function follow(expression: ts.Expression, way: Path): void {
    const node = unwrapped(expression);
    if (!first(node, way)) return;
    if (way.length === 0) {
      const texts = literalsOf(checker.getTypeAtLocation(node));
      if (texts !== null) {
        texts.forEach((text) => add(text, node));
        return;
      }
    }
    if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach((side) => follow(side, way));
    else if (ts.isBinaryExpression(node) && isEither(node))
      [node.left, node.right].forEach((side) => follow(side, way));
    else if (ts.isArrayLiteralExpression(node)) followArray(node, way);
    else if (ts.isObjectLiteralExpression(node)) followObject(node, way);
    else if (ts.isIdentifier(node)) followSymbol(checker.getSymbolAtLocation(node), node, way);
    else if (ts.isPropertyAccessExpression(node)) followProperty(node, way);
    else if (ts.isElementAccessExpression(node)) {
      const index = unwrapped(node.argumentExpression);
      follow(node.expression, [ts.isStringLiteral(index) || ts.isNumericLiteral(index) ? index.text : '*', ...way]);
    } else if (ts.isCallExpression(node)) followCall(node, way);
    else fail(node);
  }

  function followArray(node: ts.ArrayLiteralExpression, [step, ...way]: Path): void {
    node.elements.forEach((element, index) => {
      if (ts.isSpreadElement(element)) follow(element.expression, [step!, ...way]);
      else if (step === '*' || step === String(index)) follow(element, way);
    });
  }

  function followObject(node: ts.ObjectLiteralExpression, [step, ...way]: Path): void {
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) follow(property.expression, [step!, ...way]);
      else if (step === '*' || property.name.getText().replace(/['"]/g, '') === step) followDeclaration(property, way);
    }
  }

  function followProperty(node: ts.PropertyAccessExpression, way: Path): void {
    const symbol = checker.getSymbolAtLocation(node.name);
    if (symbol === undefined) follow(node.expression, [node.name.text, ...way]);
    else followSymbol(symbol, node, way);
  }

  function followSymbol(found: ts.Symbol | undefined, node: ts.Node, way: Path): void {
    const symbol = found && found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
    const declarations = symbol?.declarations ?? [];
    if (declarations.length === 0) fail(node);
    declarations.forEach((declaration) => followDeclaration(declaration, way));
  }

  /** Whatever a declared name can hold. */
  function followDeclaration(declaration: ts.Declaration, way: Path): void {
    if (ts.isShorthandPropertyAssignment(declaration)) {
      followSymbol(checker.getShorthandAssignmentValueSymbol(declaration), declaration, way);
      return;
    }
    if (!first(declaration, way)) return;
    if (ts.isParameter(declaration)) followParameter(declaration, way);
    else if (ts.isBindingElement(declaration)) followBinding(declaration, way);
    else if (ts.isVariableDeclaration(declaration)) followVariable(declaration, way);
    else if (ts.isPropertyAssignment(declaration)) follow(declaration.initializer, way);
    else if (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) {
      const given = values.get(declaration) ?? [];
      if (ts.isPropertyDeclaration(declaration) && declaration.initializer) follow(declaration.initializer, way);
      else if (given.length === 0) fail(declaration);
      for (const value of given) {
        if (ts.isExpression(value)) follow(value, way);
        else followDeclaration(value, way);
      }
    } else fail(declaration);
  }

  function followVariable(declaration: ts.VariableDeclaration, way: Path): void {
    if (opaque.includes(declaration.name.getText())) return;
    const loop = declaration.parent.parent;
    if (ts.isForOfStatement(loop)) follow(loop.expression, ['*', ...way]);
    else if (declaration.initializer !== undefined) follow(declaration.initializer, way);
    else fail(declaration);
  }

  function followBinding(element: ts.BindingElement, way: Path): void {
    const pattern = element.parent;
    const step = ts.isArrayBindingPattern(pattern)
      ? String(pattern.elements.indexOf(element))
      : (element.propertyName ?? element.name).getText();
    if (element.initializer !== undefined) follow(element.initializer, way);
    const property = checker.getTypeAtLocation(pattern).getProperty(step);
    const typed = property?.declarations?.filter(ts.isPropertySignature) ?? [];
    if (typed.length > 0) typed.forEach((declaration) => followDeclaration(declaration, way));
    else followDeclaration(pattern.parent, [step, ...way]);
  }

  /** What is passed for a parameter, everywhere. */
  function followParameter(parameter: ts.ParameterDeclaration, way: Path): void {
    if (parameter.initializer !== undefined) follow(parameter.initializer, way);
    const callee = parameter.parent;
    const index = callee.parameters.indexOf(parameter);
    const passedTo = (ts.isArrowFunction(callee) || ts.isFunctionExpression(callee)) && callee.parent;
    if (passedTo && ts.isCallExpression(passedTo) && ts.isPropertyAccessExpression(passedTo.expression)) {
      // A callback of an array's method: it is given the elements.
      if (index === 0) follow(passedTo.expression.expression, ['*', ...way]);
      return;
    }
    const callers = calls.get(callee) ?? [];
    if (callers.length === 0) fail(parameter);
    for (const call of callers) {
      const argument = call.arguments?.[index];
      if (argument !== undefined) follow(argument, way);
    }
  }

  function followCall(node: ts.CallExpression, way: Path): void {
    const declaration = checker.getResolvedSignature(node)?.declaration;
    const callee = node.expression;
    if (ts.isPropertyAccessExpression(callee) && declaration?.getSourceFile().isDeclarationFile === true) {
      const { text } = callee.name;
      if (['filter', 'slice', 'sort', 'reverse'].includes(text)) follow(callee.expression, way);
      else if (['find', 'at', 'pop', 'shift'].includes(text)) follow(callee.expression, ['*', ...way]);
      else if (text === 'entries' && callee.expression.getText() === 'Object' && way[0] === '*' && way[1] === '0')
        fail(node);
      else if (text === 'entries' || text === 'values')
        follow(node.arguments[0]!, ['*', ...way.slice(text === 'entries' ? 2 : 1)]);
      else fail(node);
      return;
    }
    if (declaration === undefined || !ts.isFunctionLike(declaration) || !('body' in declaration) || !declaration.body) {
      fail(node);
      return;
    }
    resultsOf(declaration.body).forEach((result) => follow(result, way));
  }

  rootsOf(files).forEach((node) => (ts.isExpression(node) ? follow(node, []) : followDeclaration(node, [])));
  return { keys, unknown };
}

const optionsOf = (root: string): ts.CompilerOptions => ({
  ...ts.convertCompilerOptionsFromJson(
    (
      ts.readConfigFile(path.join(root, 'tsconfig.base.json'), (file) => ts.sys.readFile(file)).config as {
        compilerOptions: object;
      }
    ).compilerOptions,
    root,
  ).options,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node', 'vscode', 'vscode-webview'],
});

const sourcesOf = (root: string): string[] =>
  ['src', 'webview'].flatMap((folder) => ts.sys.readDirectory(path.join(root, folder), ['.ts']));

/** Where texts are looked up: the template of a message, and the first argument of VS Code's and our own functions. */
function rootsOf(files: readonly ts.SourceFile[]): (ts.Expression | ts.Declaration)[] {
  const roots: (ts.Expression | ts.Declaration)[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText();
      if ((name === 'vscode.l10n.t' || name === 'translate') && !node.arguments[0]!.getText().endsWith('message.text'))
        roots.push(node.arguments[0]!);
    }
    if (ts.isInterfaceDeclaration(node) && node.name.text === 'Message')
      roots.push(...node.members.filter((member) => member.name?.getText() === 'text'));
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return roots;
}

interface Index {
  /** The calls of a function. */
  readonly calls: ReadonlyMap<ts.Node, readonly (ts.CallExpression | ts.NewExpression)[]>;
  /** What object literals and assignments give a property that a type declares. */
  readonly values: ReadonlyMap<ts.Node, readonly (ts.Expression | ts.Declaration)[]>;
}

function indexOf(files: readonly ts.SourceFile[], checker: ts.TypeChecker): Index {
  const calls = new Map<ts.Node, (ts.CallExpression | ts.NewExpression)[]>();
  const values = new Map<ts.Node, (ts.Expression | ts.Declaration)[]>();
  const put = <T>(map: Map<ts.Node, T[]>, key: ts.Node, value: T): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [value]);
    else list.push(value);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const declaration = checker.getResolvedSignature(node)?.declaration;
      if (declaration !== undefined) put(calls, declaration, node);
    } else if (ts.isObjectLiteralExpression(node)) {
      const type = checker.getContextualType(node);
      for (const property of type === undefined ? [] : node.properties) {
        if (property.name === undefined) continue;
        const declared = checker.getPropertyOfType(checker.getNonNullableType(type!), property.name.getText());
        for (const declaration of declared?.declarations ?? []) put(values, declaration, property);
      }
    } else if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left)
    ) {
      for (const declaration of checker.getSymbolAtLocation(node.left.name)?.declarations ?? [])
        put(values, declaration, node.right);
    }
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return { calls, values };
}

/** `a ?? b` and `a || b`: one of the two, unlike `a + b`. */
const isEither = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;

/** The texts of a type that has no others; `null` where it can be any text. */
function literalsOf(type: ts.Type): string[] | null {
  const parts = type.isUnion() ? type.types : [type];
  const texts: string[] = [];
  for (const part of parts) {
    if (part.isStringLiteral()) texts.push(part.value);
    else if (part.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral)) return null;
    else if (part.flags & ts.TypeFlags.Any) return null;
  }
  return texts;
}

/** What a function returns. */
function resultsOf(body: ts.Node): ts.Expression[] {
  if (ts.isExpression(body)) return [body];
  const results: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) results.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return results;
}

/** An expression without its parentheses and type assertions. */
export function unwrapped(expression: ts.Expression): ts.Expression {
  let node = expression;
  while (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node)
  )
    node = node.expression;
  return node;
}
