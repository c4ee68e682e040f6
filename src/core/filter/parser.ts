import type { FilterFault } from '../model/filter';
import { message, type Message } from '../model/message';
import type { Field } from './field';
import { type Token, tokens } from './lexer';
import { integerOf, isMessage, type Literal, literalOf } from './literals';
import { fieldOf } from './registry';
import type { Choice, Comparison, Filter } from './tree';

/** What could stand where a filter ends, for suggestions. */
export type Expected =
  | { readonly kind: 'field' }
  | { readonly kind: 'operator'; readonly field: Field }
  | { readonly kind: 'value'; readonly field: Field }
  /** Inside braces, after a value. */
  | { readonly kind: 'choice' }
  /** After a whole comparison. */
  | { readonly kind: 'connective' };

export interface Parsed {
  /** `null` for a text without a filter in it, and for one with faults. */
  readonly filter: Filter | null;
  readonly faults: readonly FilterFault[];
  readonly expected: Expected;
}

/** Nested deeper than this a filter is refused: parsing recurses. */
const MAX_DEPTH = 100;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': '==',
  eq: '==',
  any_eq: '==',
  '!=': '!=',
  ne: '!=',
  all_ne: '!=',
  '===': '===',
  all_eq: '===',
  '!==': '!==',
  '~=': '!==',
  any_ne: '!==',
  '<': '<',
  lt: '<',
  '<=': '<=',
  le: '<=',
  '>': '>',
  gt: '>',
  '>=': '>=',
  ge: '>=',
};

/** Comparisons that a type has beside equality; `in` needs values of which one can be the field's. */
export const OPERATORS_OF: Readonly<Record<Field['type'], readonly string[]>> = {
  number: ['==', '!=', '<', '<=', '>', '>=', 'in', '&'],
  port: ['==', '!=', '<', '<=', '>', '>=', 'in'],
  time: ['==', '!=', '<', '<=', '>', '>='],
  flags: ['==', '!=', 'contains', '&'],
  boolean: ['==', '!='],
  choice: ['==', '!=', 'in'],
  address: ['==', '!=', 'in'],
  string: ['==', '!=', 'contains', 'in'],
  bytes: ['contains', '==', '!='],
  presence: [],
};

const ORDERED = new Set<Field['type']>(['number', 'port', 'time', 'flags']);

/** Ends the parse at its first fault of syntax; what is wrong with names and values is collected. */
class Stop extends Error {}

/** Reads a filter. Precedence, from the loosest: `||`, `&&`, `!`, comparisons. */
export function parse(text: string): Parsed {
  const lexed = tokens(text);
  const parser = new Parser(lexed.tokens, [...lexed.faults]);
  const filter = parser.read();
  const { faults, expected } = parser;
  return { filter: faults.length > 0 ? null : filter, faults, expected };
}

class Parser {
  expected: Expected = { kind: 'field' };
  private at = 0;
  private depth = 0;

  constructor(
    private readonly list: readonly Token[],
    readonly faults: FilterFault[],
  ) {}

  read(): Filter | null {
    if (this.peek().kind === 'end') return null;
    try {
      const filter = this.or();
      if (this.peek().kind !== 'end')
        this.stop(
          this.peek(),
          this.peek().text === ')' ? message('This parenthesis was never opened') : message('Expected && or || here'),
        );
      return filter;
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      return null;
    }
  }

  private peek(): Token {
    return this.list[this.at]!;
  }

  private take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private stop(token: Token, text: Message): never {
    this.fault(token, text);
    throw new Stop();
  }

  /** Where a filter ends too early, the fault is about its end: the last character, so that there is something to mark. */
  private fault({ kind, start, end }: Token, text: Message): void {
    const before = this.list[this.at - 1];
    this.faults.push(
      kind === 'end' && before !== undefined
        ? { start: before.end - 1, end: before.end, message: text }
        : { start, end: Math.max(end, start + 1), message: text },
    );
  }

  private accept(...texts: readonly string[]): boolean {
    const { kind, text } = this.peek();
    if ((kind !== 'operator' && kind !== 'word') || !texts.includes(text)) return false;
    this.at++;
    return true;
  }

  private or(): Filter {
    return this.chain('or', ['||', 'or'], () => this.chain('and', ['&&', 'and'], () => this.not()));
  }

  private chain(kind: 'and' | 'or', signs: readonly string[], part: () => Filter): Filter {
    const parts = [part()];
    for (;;) {
      // A field alone is a whole test, and still may be compared.
      if (this.expected.kind !== 'operator' || this.peek().kind !== 'end') this.expected = { kind: 'connective' };
      if (!this.accept(...signs)) break;
      this.expected = { kind: 'field' };
      parts.push(part());
    }
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }

  private not(): Filter {
    if (this.accept('!', 'not')) {
      this.deeper(this.list[this.at - 1]!);
      const part = this.not();
      this.depth--;
      return { kind: 'not', part };
    }
    const open = this.peek();
    if (this.accept('(')) {
      this.deeper(open);
      const inner = this.or();
      if (!this.accept(')'))
        this.stop(
          this.peek().kind === 'end' ? open : this.peek(),
          this.peek().kind === 'end'
            ? message('This parenthesis is not closed')
            : message('Expected && or || or ) here'),
        );
      this.depth--;
      this.expected = { kind: 'connective' };
      return inner;
    }
    return this.test();
  }

  private deeper(token: Token): void {
    if (++this.depth > MAX_DEPTH) this.stop(token, message('Nested too deeply'));
  }

  private test(): Filter {
    this.expected = { kind: 'field' };
    const name = this.take();
    if (name.kind === 'end') this.stop(name, message('A field is missing here'));
    if (name.kind !== 'word') this.stop(name, message('Expected the name of a field here'));
    const field = fieldOf(name.text);
    if (field === undefined) {
      this.fault(name, unknownField(name.text));
      this.skipComparison();
      return NOTHING;
    }
    this.expected = { kind: 'operator', field };
    const mask = this.mask(field);
    const operator = this.peek();
    if (operator.kind === 'word' && operator.text === 'not' && this.list[this.at + 1]?.text === 'in') {
      this.at += 2;
      return { kind: 'not', part: this.choices(field, operator) };
    }
    if (this.accept('in')) return this.choices(field, operator);
    if (this.accept('contains')) return this.contains(field, operator);
    if (operator.kind === 'word' && (operator.text === 'matches' || operator.text === '~'))
      this.stop(operator, message('Regular expressions are not supported; contains looks for a text'));
    const comparison = operator.kind === 'string' || operator.kind === 'end' ? undefined : COMPARISONS[operator.text];
    if (comparison === undefined || !Object.hasOwn(COMPARISONS, operator.text)) return { kind: 'is', field, mask };
    this.at++;
    return this.comparison(field, mask, comparison, operator);
  }

  private mask(field: Field): number | null {
    const sign = this.peek();
    if (!this.accept('&')) return null;
    if (field.type !== 'number' && field.type !== 'flags')
      this.stop(sign, message('Only numbers and flags have bits to choose with &'));
    this.expected = { kind: 'value', field };
    const token = this.take();
    const value = token.kind === 'word' ? literalOf(token, field) : null;
    if (typeof value !== 'number' || value < 0 || value > 0xffff_ffff)
      this.stop(token, message('Expected a number of bits here, such as 0x12'));
    this.expected = { kind: 'operator', field };
    return value;
  }

  private comparison(field: Field, mask: number | null, comparison: Comparison, operator: Token): Filter {
    if (field.type === 'presence')
      this.fault(operator, message('“{0}” has no value to compare: write it alone', field.name));
    else if (comparison.startsWith('<') || comparison.startsWith('>')) {
      if (!ORDERED.has(field.type))
        this.fault(operator, message('“{0}” has no order: compare it by == or !=', field.name));
    }
    this.expected = { kind: 'value', field };
    const token = this.valueToken();
    const other = token.kind === 'word' ? fieldOf(token.text) : undefined;
    if (other !== undefined && integerOf(token.text) === null && !(field.type === 'choice')) {
      if (other.type !== field.type && !(isPlain(other) && isPlain(field)))
        this.fault(token, message('“{0}” and “{1}” are not of one kind', field.name, other.name));
      return { kind: 'compare', field, mask, comparison, value: other };
    }
    return { kind: 'compare', field, mask, comparison, value: this.literal(token, field) };
  }

  private contains(field: Field, operator: Token): Filter {
    if (field.type !== 'bytes' && field.type !== 'string' && field.type !== 'flags')
      this.fault(operator, message('“{0}” cannot contain anything: that is for texts, bytes and flags', field.name));
    this.expected = { kind: 'value', field };
    const token = this.valueToken();
    if (token.kind === 'string' && token.text === '') this.fault(token, message('Nothing to look for'));
    return { kind: 'contains', field, value: this.literal(token, field) };
  }

  private choices(field: Field, operator: Token): Filter {
    if (field.type === 'presence' || field.type === 'bytes')
      this.fault(operator, message('“{0}” cannot be one of several values', field.name));
    this.expected = { kind: 'value', field };
    const brace = this.peek();
    if (!this.accept('{')) this.stop(brace, message('Expected values in braces here: {80, 443}'));
    const choices: Choice[] = [];
    for (;;) {
      this.expected = { kind: 'value', field };
      choices.push(this.choice(field));
      this.expected = { kind: 'choice' };
      if (this.accept('}')) break;
      if (this.peek().kind === 'end') this.stop(brace, message('This brace is not closed'));
      if (!this.accept(',') && this.peek().kind === 'operator')
        this.stop(this.peek(), message('Expected a comma or } here'));
    }
    return { kind: 'in', field, choices };
  }

  private choice(field: Field): Choice {
    const token = this.valueToken();
    const range = token.kind === 'word' ? /^(.+?)\.\.(.+)$/.exec(token.text) : null;
    if (range === null) return { from: this.literal(token, field), to: null };
    if (!ORDERED.has(field.type)) this.fault(token, message('“{0}” has no order: ranges are for numbers', field.name));
    const [, from, to] = range;
    return {
      from: this.literal({ ...token, text: from!, end: token.start + from!.length }, field),
      to: this.literal({ ...token, text: to!, start: token.end - to!.length }, field),
    };
  }

  private valueToken(): Token {
    const token = this.peek();
    if (token.kind === 'end') this.stop(token, message('A value is missing here'));
    if (token.kind === 'operator') this.stop(token, message('Expected a value here'));
    return this.take();
  }

  private literal(token: Token, field: Field): Literal {
    if (field.type === 'presence') return 0;
    const value = literalOf(token, field);
    if (!isMessage(value)) return value;
    this.fault(token, value);
    return 0;
  }

  /** Goes on behind whatever was compared with a field that does not exist. */
  private skipComparison(): void {
    this.expected = { kind: 'connective' };
    if (this.peek().kind === 'end' || (!Object.hasOwn(COMPARISONS, this.peek().text) && !this.accept('contains'))) {
      if (this.accept('in') && this.accept('{')) while (this.peek().kind !== 'end' && !this.accept('}')) this.at++;
      return;
    }
    if (Object.hasOwn(COMPARISONS, this.peek().text)) this.at++;
    if (this.peek().kind === 'word' || this.peek().kind === 'string') this.at++;
  }
}

/** In place of a test that is wrong; a filter with faults is never run. */
const NOTHING: Filter = { kind: 'or', parts: [] };

/** Plain numbers: of whatever they count. */
const isPlain = ({ type }: Field): boolean =>
  type === 'number' || type === 'port' || type === 'flags' || type === 'boolean';

function unknownField(name: string): Message {
  const near = nearest(name);
  return near === null
    ? message('There is no field “{0}”', name)
    : message('There is no field “{0}”; did you mean “{1}”?', name, near);
}

/** A field that differs in case or separators alone. */
function nearest(name: string): string | null {
  const plain = (text: string): string => text.toLowerCase().replaceAll('_', '-');
  for (const candidate of [plain(name), plain(name).replaceAll('-', '_')])
    if (fieldOf(candidate) !== undefined) return candidate;
  return null;
}
