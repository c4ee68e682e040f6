import { FLAG_NAMES } from '../model/flags';
import { message, type Message } from '../model/message';
import type { Suggestion, Suggestions } from '../model/filter';
import type { Field } from './field';
import { tokens } from './lexer';
import { EXAMPLES } from './literals';
import { type Expected, OPERATORS_OF, parse } from './parser';
import { FIELDS } from './registry';

const ABOUT_OPERATORS: Readonly<Record<string, string>> = {
  '==': 'is',
  '!=': 'is there and differs',
  '<': 'less than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
  in: 'is one of: {80, 443, 8000..8010}',
  contains: 'has in it',
  '&': 'has one of these bits',
};

const CONNECTIVES: readonly (readonly [text: string, about: string])[] = [
  ['&&', 'and: both'],
  ['||', 'or: one of them, or both'],
];

/** What can be typed at a cursor, and which characters it takes the place of: those of the word that the cursor is in. */
export function suggest(text: string, cursor: number): Suggestions {
  const at = Math.min(Math.max(0, cursor), text.length);
  const lexed = tokens(text).tokens;
  const inString = lexed.some(({ kind, start, end }) => kind === 'string' && start < at && at <= end && at !== start);
  const { faults } = parse(text);
  if (inString) return { start: at, end: at, items: [], faults };
  const word = lexed.find(({ kind, start, end }) => kind === 'word' && start < at && at <= end);
  const start = word?.start ?? at;
  const typed = text.slice(start, at).toLowerCase();
  const { expected } = parse(text.slice(0, start));
  return { start, end: word?.end ?? at, items: ranked(optionsFor(expected), typed), faults };
}

/** Those that begin with what was typed, then those that have it in them. What was typed in full is no suggestion. */
function ranked(options: readonly Suggestion[], typed: string): Suggestion[] {
  const has = options.filter(({ text }) => text.toLowerCase().includes(typed) && text.toLowerCase() !== typed);
  const begins = ({ text }: Suggestion): boolean => text.toLowerCase().startsWith(typed);
  return [...has.filter(begins), ...has.filter((option) => !begins(option))];
}

function optionsFor(expected: Expected): Suggestion[] {
  switch (expected.kind) {
    case 'field':
      return [
        ...FIELDS.map(ofField),
        { kind: 'operator', text: 'not', about: message('the opposite of what follows') },
      ];
    case 'operator':
      return [
        ...OPERATORS_OF[expected.field.type].map((text): Suggestion => ({
          kind: 'operator',
          text,
          about: message(ABOUT_OPERATORS[text]!),
        })),
        ...(OPERATORS_OF[expected.field.type].length === 0 || expected.field.holds === true ? connectives() : []),
      ];
    case 'value':
      return valuesOf(expected.field);
    case 'choice':
      return [];
    case 'connective':
      return connectives();
  }
}

const connectives = (): Suggestion[] =>
  CONNECTIVES.map(([text, about]) => ({ kind: 'operator', text, about: message(about) }));

const ofField = ({ name, about }: Field): Suggestion => ({ kind: 'field', text: name, about: message(about) });

function valuesOf(field: Field): Suggestion[] {
  const about = message(field.about);
  const value = (text: string, meaning: Message): Suggestion => ({ kind: 'value', text, about: meaning });
  if (field.names !== undefined) return field.names.map((name) => value(name, about));
  if (field.type === 'flags') return [...FLAG_NAMES, 'SYN+ACK', 'FIN+ACK'].map((name) => value(name, about));
  return EXAMPLES[field.type].map((text) => value(text, about));
}
