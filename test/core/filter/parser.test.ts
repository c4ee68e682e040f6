import assert from 'node:assert/strict';
import { parse } from '../../../src/core/filter/parser';
import { FIELDS } from '../../../src/core/filter/registry';
import type { Filter } from '../../../src/core/filter/tree';
import { render } from '../../../src/core/format/message';

/** A filter with every parenthesis that is meant. */
function spelled(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${filter.parts.map(spelled).join(filter.kind === 'and' ? ' && ' : ' || ')})`;
    case 'not':
      return `!${spelled(filter.part)}`;
    case 'is':
      return filter.mask === null ? filter.field.name : `${filter.field.name} & ${filter.mask}`;
    case 'compare': {
      const { value } = filter;
      const right = typeof value === 'object' && 'about' in value ? value.name : JSON.stringify(value);
      return `${filter.field.name}${filter.mask === null ? '' : ` & ${filter.mask}`} ${filter.comparison} ${right}`;
    }
    case 'in':
      return `${filter.field.name} in {${filter.choices.map(({ from, to }) => (to === null ? String(from as number) : `${String(from as number)}..${String(to as number)}`)).join(' ')}}`;
    case 'contains':
      return `${filter.field.name} contains ${JSON.stringify(filter.value)}`;
  }
}

const meant = (text: string): string => {
  const { filter, faults } = parse(text);
  assert.deepEqual(faults, [], text);
  return spelled(filter!);
};

/** A filter with its faults under it: the offending characters and one sentence. */
const faultsOf = (text: string): string[] =>
  parse(text).faults.map(({ start, end, message }) => `${text.slice(start, end)}: ${render(message)}`);

describe('the filter language', () => {
  it('binds not before comparisons are joined, and before or', () => {
    assert.equal(meant('len > 0 || seq == 1 && ack == 1'), '(len > 0 || (seq == 1 && ack == 1))');
    assert.equal(meant('(len > 0 or seq == 1) and ack == 1'), '((len > 0 || seq == 1) && ack == 1)');
    assert.equal(meant('not len > 0 and seq == 1'), '(!len > 0 && seq == 1)');
    assert.equal(meant('!!problem'), '!!problem');
    assert.equal(meant('len>0&&seq==1'), '(len > 0 && seq == 1)');
  });

  it('takes words and signs for the same', () => {
    for (const [word, sign] of [
      ['eq', '=='],
      ['ne', '!='],
      ['lt', '<'],
      ['le', '<='],
      ['gt', '>'],
      ['ge', '>='],
      ['any_ne', '!=='],
      ['all_eq', '==='],
    ] as const)
      assert.equal(meant(`len ${word} 1`), `len ${sign} 1`);
    assert.equal(meant('len ~= 1'), 'len !== 1');
  });

  it('takes numbers in any of their bases, and lengths of time with their units', () => {
    assert.equal(meant('len == 0x1F'), 'len == 31');
    assert.equal(meant('len == 0b101'), 'len == 5');
    assert.equal(meant('tcp.window_size_scalefactor == -1'), 'tcp.window_size_scalefactor == -1');
    assert.equal(meant('delta > 200ms'), 'delta > 200000000');
    assert.equal(meant('delta > 0.2'), 'delta > 200000000');
    assert.equal(meant('delta > .5us'), 'delta > 500');
    assert.equal(meant('delta > 1.5min'), 'delta > 90000000000');
    assert.equal(meant('delta > 0.000000001'), 'delta > 1');
  });

  it('takes states, notes and flags by their names', () => {
    assert.equal(meant('state.server == CLOSE-WAIT'), 'state.server == 7');
    assert.equal(meant('state.server == close_wait'), 'state.server == 7');
    assert.equal(meant('flags == SYN+ACK'), 'flags == 18');
    assert.equal(meant('from == client'), 'from == 0');
    assert.equal(meant('note in {duplicate-ack, zero-window}'), 'note in {6 9}');
  });

  it('takes sets, ranges, masks, fields on the right, and bytes', () => {
    assert.equal(meant('tcp.port in {80, 443 8000..8010}'), 'tcp.port in {80 443 8000..8010}');
    assert.equal(meant('tcp.port not in {80}'), '!tcp.port in {80}');
    assert.equal(meant('tcp.flags & 0x12 == 0x12'), 'tcp.flags & 18 == 18');
    assert.equal(meant('tcp.flags & 2'), 'tcp.flags & 2');
    assert.equal(meant('tcp.len > tcp.window_size'), 'tcp.len > tcp.window_size');
    assert.equal(meant('payload contains 47:45:54'), meant('payload contains "GET"'));
    assert.equal(meant('payload contains "a\\"\\x00"'), 'payload contains {"0":97,"1":34,"2":0}');
  });

  it('is nothing where there is nothing', () => {
    assert.deepEqual(parse('  '), { filter: null, faults: [], expected: { kind: 'field' } });
  });

  it('marks what is wrong, and says why in one sentence', () => {
    const cases: readonly (readonly [text: string, fault: string])[] = [
      ['lenn > 0', 'lenn: There is no field “lenn”'],
      ['TCP.Port == 80', 'TCP.Port: There is no field “TCP.Port”; did you mean “tcp.port”?'],
      ['len > many', 'many: “many” is not a whole number'],
      ['tcp.port == 65536', '65536: “65536” is not a port: 0 to 65535'],
      ['ip.addr == 10.0.0', '10.0.0: “10.0.0” is not an IP address or network'],
      ['ip.addr == 10.0.0.0/33', '10.0.0.0/33: “10.0.0.0/33” is not an IP address or network'],
      ['ip.addr < 10.0.0.1', '<: “ip.addr” has no order: compare it by == or !='],
      ['delta > 5 parsecs', 'parsecs: Expected && or || here'],
      ['delta > 5lightyears', '5lightyears: “5lightyears” is not a length of time: write 200ms, 1.5s or seconds'],
      ['len = 0', '=: A comparison is written with two signs: =='],
      ['len >', '>: A value is missing here'],
      ['len > 0 &&', '&: A field is missing here'],
      ['(len > 0', '(: This parenthesis is not closed'],
      ['len > 0)', '): This parenthesis was never opened'],
      ['len in 5', '5: Expected values in braces here: {80, 443}'],
      ['len in {5', '{: This brace is not closed'],
      ['payload contains "GET', '"GET: The quotation mark is not closed'],
      ['payload matches "GET"', 'matches: Regular expressions are not supported; contains looks for a text'],
      ['len contains "GET"', 'contains: “len” cannot contain anything: that is for texts, bytes and flags'],
      ['tcp.analysis.flags == 1', '==: “tcp.analysis.flags” has no value to compare: write it alone'],
      ['ip.src == tcp.port', 'tcp.port: “ip.src” and “tcp.port” are not of one kind'],
      ['constructor == 1', 'constructor: There is no field “constructor”'],
      ['len constructor 1', 'constructor: Expected && or || here'],
    ];
    for (const [text, fault] of cases)
      assert.ok(faultsOf(text).includes(fault), `${text}\n${faultsOf(text).join('\n')}`);
    assert.match(
      faultsOf('state.client == OPEN')[0]!,
      /^OPEN: “OPEN” is none of: CLOSED, LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED,/,
    );
  });

  it('finds every wrong name and value at once', () => {
    assert.deepEqual(faultsOf('foo == 1 && len > x || bar'), [
      'foo: There is no field “foo”',
      'x: “x” is not a whole number',
      'bar: There is no field “bar”',
    ]);
  });

  it('never throws, whatever it is given', () => {
    const whole = 'not (len > 0 || tcp.port in {80, 443..500}) && payload contains "a\\x41" and ip.addr != ::1/64';
    for (let start = 0; start < whole.length; start++)
      for (let end = start; end <= whole.length; end++) {
        const text = whole.slice(start, end);
        const { filter, faults } = parse(text);
        assert.ok(filter !== null || faults.length > 0 || text.trim() === '', text);
        for (const fault of faults) assert.ok(fault.start < fault.end && fault.end <= text.length + 1, text);
      }
    assert.equal(parse('('.repeat(100_000)).faults.length, 1);
    assert.equal(parse('!'.repeat(100_000)).faults.length, 1);
  });

  it('has fields of different names, which can all be written', () => {
    const names = FIELDS.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, i) => names.indexOf(name) !== i),
      [],
    );
    for (const name of names) assert.equal(meant(name), name);
  });
});
