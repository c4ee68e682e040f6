import assert from 'node:assert/strict';
import { suggest } from '../../../src/core/filter/complete';
import { render } from '../../../src/core/format/message';

/** Suggestions where `|` stands, as they would be inserted. */
function at(text: string): string[] {
  const cursor = text.indexOf('|');
  const whole = text.replace('|', '');
  const { start, end, items } = suggest(whole, cursor);
  return items.map((item) => whole.slice(0, start) + item.text + whole.slice(end));
}

describe('suggestions for a filter', () => {
  it('are fields where one can begin, with those that begin as typed first', () => {
    assert.equal(at('retr|')[0], 'note.retransmission');
    assert.ok(at('|').includes('tcp.port'));
    assert.equal(at('tcp.po|')[0], 'tcp.port');
    assert.ok(at('len > 0 && tcp.po|').includes('len > 0 && tcp.port'));
    assert.ok(at('not (st|').includes('not (state.client'));
  });

  it('replace the word that the cursor is in', () => {
    assert.ok(at('tcp.p|xyz == 80').includes('tcp.port == 80'));
  });

  it('are comparisons that the field has', () => {
    assert.deepEqual(at('state.client |'), ['state.client ==', 'state.client !=', 'state.client in']);
    assert.ok(at('payload |').includes('payload contains'));
    assert.deepEqual(at('tcp.analysis.flags |'), ['tcp.analysis.flags &&', 'tcp.analysis.flags ||']);
  });

  it('are values where they have names', () => {
    assert.deepEqual(at('state.client == CLOSE|'), ['state.client == CLOSED', 'state.client == CLOSE-WAIT']);
    assert.ok(at('note in {zero|').includes('note in {zero-window'));
    assert.deepEqual(at('from == |'), ['from == client', 'from == server']);
  });

  it('are && and || after a whole comparison, and nothing inside quotation marks', () => {
    assert.deepEqual(at('len > 0 |'), ['len > 0 &&', 'len > 0 ||']);
    assert.deepEqual(at('payload contains "tc|"'), []);
  });

  it('say what each is', () => {
    const item = suggest('rt', 2).items.find(({ text }) => text === 'rtt')!;
    assert.equal(render(item.about), 'From a segment to this, its acknowledgment');
  });
});
