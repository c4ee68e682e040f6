import { addressTest, type AddressPattern } from './addresses';
import { finder } from './find-bytes';
import type { Field, FieldSources, Need, NumericField, Values } from './field';
import type { Literal } from './literals';
import type { Choice, Comparison, Filter } from './tree';

/** A filter that can be asked about packets. */
export interface CompiledFilter {
  readonly needs: ReadonlySet<Need>;
  /** It reads packets again: slower by orders of magnitude. */
  readonly reads: boolean;
  /** Whether a packet (0-based frame) with the segments `[first, end)` in it matches. */
  readonly matches: (frame: number, first: number, end: number) => boolean;
}

/** Where the packet is that is asked about; shared by all parts of a filter. */
interface Place {
  frame: number;
  first: number;
  end: number;
}

type Test = () => boolean;

export function compile(filter: Filter, sources: FieldSources): CompiledFilter {
  const needs = new Set<Need>();
  const place: Place = { frame: 0, first: 0, end: 0 };
  let reads = false;
  for (const field of fieldsOf(filter)) {
    if (field.needs !== undefined) needs.add(field.needs);
    if (field.reads === true) reads = true;
  }
  const test = testOf(filter, sources, place);
  return {
    needs,
    reads,
    matches: (frame, first, end) => {
      place.frame = frame;
      place.first = first;
      place.end = end;
      return test();
    },
  };
}

/** The fields that a filter asks about. */
export function fieldsOf(filter: Filter): Field[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.parts.flatMap(fieldsOf);
    case 'not':
      return fieldsOf(filter.part);
    case 'compare':
      return typeof filter.value === 'object' && 'values' in filter.value && 'about' in filter.value
        ? [filter.field, filter.value]
        : [filter.field];
    default:
      return [filter.field];
  }
}

/** What a part costs: those that read packets again come last among others, which often spare them. */
const costOf = (filter: Filter): number => (fieldsOf(filter).some(({ reads }) => reads === true) ? 1 : 0);

function testOf(filter: Filter, sources: FieldSources, place: Place): Test {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const stopAt = filter.kind === 'or';
      const ordered = [...filter.parts].sort((a, b) => costOf(a) - costOf(b));
      const parts = ordered.map((part) => testOf(part, sources, place));
      return () => {
        for (let i = 0; i < parts.length; i++) if (parts[i]!() === stopAt) return stopAt;
        return !stopAt;
      };
    }
    case 'not': {
      const part = testOf(filter.part, sources, place);
      return () => !part();
    }
    case 'is':
      return isTest(filter.field, filter.mask, sources, place);
    case 'compare':
      return compareTest(filter.field, filter.mask, filter.comparison, filter.value, sources, place);
    case 'in':
      return inTest(filter.field, filter.choices, sources, place);
    case 'contains':
      return containsTest(filter.field, filter.value, sources, place);
  }
}

/** Whether some value of the field in the packet passes a test. */
function some<T>(field: Field, values: Values<T>, place: Place, test: (value: T) => boolean): Test {
  if (field.of === 'packet') return () => values(place.frame, test);
  return () => {
    for (let segment = place.first; segment < place.end; segment++) if (values(segment, test)) return true;
    return false;
  };
}

const anything = (): boolean => true;

function isTest(field: Field, mask: number | null, sources: FieldSources, place: Place): Test {
  if (isNumeric(field)) {
    const values = field.values(sources);
    if (mask !== null) return some(field, values, place, (value) => bitsOf(value, mask) !== 0);
    return some(field, values, place, field.holds === true ? (value) => value !== 0 : anything);
  }
  return some(field, field.values(sources) as Values<unknown>, place, anything);
}

function compareTest(
  field: Field,
  mask: number | null,
  comparison: Comparison,
  value: Literal | Field,
  sources: FieldSources,
  place: Place,
): Test {
  const any = (equality: Comparison): Test => {
    if (typeof value === 'object' && 'about' in value) return pairTest(field, mask, equality, value, sources, place);
    return valueTest(field, mask, equality, value, sources, place);
  };
  // Of several values, as in Wireshark 4.0: == and < hold for any; != holds where there are some and all differ.
  if (comparison === '!=' || comparison === '===') {
    const [present, opposite] = [isPresent(field, sources, place), any(comparison === '!=' ? '==' : '!==')];
    return () => present() && !opposite();
  }
  return any(comparison);
}

const isPresent = (field: Field, sources: FieldSources, place: Place): Test =>
  some(field, field.values(sources) as Values<unknown>, place, anything);

function valueTest(
  field: Field,
  mask: number | null,
  comparison: Comparison,
  value: Literal,
  sources: FieldSources,
  place: Place,
): Test {
  const negated = comparison === '!==';
  switch (field.type) {
    case 'string': {
      const wanted = value as string;
      return some(field, field.values(sources), place, (found) => (found === wanted) !== negated);
    }
    case 'bytes': {
      const wanted = value as Uint8Array;
      return some(field, field.values(sources), place, (found) => sameBytes(found, wanted) !== negated);
    }
    case 'address': {
      const inside = addressTest(value as AddressPattern, sources.addresses);
      return some(field, field.values(sources), place, negated ? (key) => !inside(key) : inside);
    }
    case 'presence':
      return () => false;
    default: {
      const holds = numberTest(comparison, value as number);
      const values = field.values(sources);
      return some(field, values, place, mask === null ? holds : (found) => holds(bitsOf(found, mask)));
    }
  }
}

function numberTest(comparison: Comparison, wanted: number): (found: number) => boolean {
  switch (comparison) {
    case '<':
      return (found) => found < wanted;
    case '<=':
      return (found) => found <= wanted;
    case '>':
      return (found) => found > wanted;
    case '>=':
      return (found) => found >= wanted;
    case '!==':
    case '!=':
      return (found) => found !== wanted;
    default:
      return (found) => found === wanted;
  }
}

/** Whether some value of one field compares so with some value of another. */
function pairTest(
  field: Field,
  mask: number | null,
  comparison: Comparison,
  other: Field,
  sources: FieldSources,
  place: Place,
): Test {
  if (field.type === 'bytes' || other.type === 'bytes') return () => false;
  let left: number | string = 0;
  // Wide addresses are numbered, each once: equal ones have equal keys.
  const compare = (right: number | string): boolean => compares(left, comparison, right);
  const right = some(other, other.values(sources) as Values<number | string>, place, compare);
  return some(field, field.values(sources) as Values<number | string>, place, (found) => {
    left = mask === null || typeof found === 'string' ? found : bitsOf(found, mask);
    return right();
  });
}

function compares(left: number | string, comparison: Comparison, right: number | string): boolean {
  if (comparison === '==' || comparison === '===') return left === right;
  if (comparison === '!=' || comparison === '!==') return left !== right;
  if (comparison === '<') return left < right;
  if (comparison === '<=') return left <= right;
  return comparison === '>' ? left > right : left >= right;
}

function inTest(field: Field, choices: readonly Choice[], sources: FieldSources, place: Place): Test {
  if (field.type === 'string') {
    const wanted = new Set(choices.map(({ from }) => from as string));
    return some(field, field.values(sources), place, (found) => wanted.has(found));
  }
  if (field.type === 'address') {
    const tests = choices.map(({ from }) => addressTest(from as AddressPattern, sources.addresses));
    return some(field, field.values(sources), place, (key) => tests.some((test) => test(key)));
  }
  if (!isNumeric(field)) return () => false;
  const single = new Set(choices.filter(({ to }) => to === null).map(({ from }) => from as number));
  const ranges = choices.filter(({ to }) => to !== null).map(({ from, to }) => [from as number, to as number] as const);
  return some(
    field,
    field.values(sources),
    place,
    (found) => single.has(found) || ranges.some(([from, to]) => found >= from && found <= to),
  );
}

function containsTest(field: Field, value: Literal, sources: FieldSources, place: Place): Test {
  switch (field.type) {
    case 'string': {
      const wanted = value as string;
      return some(field, field.values(sources), place, (found) => found.includes(wanted));
    }
    case 'bytes': {
      const has = finder(value as Uint8Array);
      return some(field, field.values(sources), place, has);
    }
    case 'flags': {
      const wanted = value as number;
      return some(field, field.values(sources), place, (found) => (found & wanted) === wanted);
    }
    default:
      return () => false;
  }
}

const isNumeric = (field: Field): field is NumericField =>
  field.type !== 'string' && field.type !== 'bytes' && field.type !== 'presence';

const bitsOf = (value: number, mask: number): number => (value & mask) >>> 0;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
