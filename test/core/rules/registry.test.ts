import assert from 'node:assert/strict';
import { NOTE_BITS, noteBit, WIRESHARK_NOTES } from '../../../src/core/model/segment';
import { RULES } from '../../../src/core/rules/registry';
import { CONGESTION_EXPERIENCED, OLD_TIMESTAMP } from '../../../src/core/tcp/tables';

describe('the registry of rules', () => {
  it('has one rule for every kind of note', () => {
    assert.deepEqual(RULES.map((rule) => rule.kind).sort(), [...WIRESHARK_NOTES].sort());
  });

  it('names rules that stand before as those that exclude one', () => {
    for (const [index, rule] of RULES.entries())
      for (const kind of rule.unless ?? []) {
        const other = RULES.findIndex((one) => one.kind === kind);
        assert.ok(other >= 0 && other < index, `${rule.kind} is excluded by ${kind}, which is asked later`);
        assert.ok(
          RULES[other]!.phase === rule.phase || RULES[other]!.phase === 'acknowledgment',
          `${rule.kind} is excluded by ${kind}, whose phase comes later`,
        );
      }
  });

  it('cites an RFC for every rule', () => {
    for (const rule of RULES) assert.match(rule.cites, /^RFC \d{3,5} §\d+(\.\d+)*$/, rule.kind);
  });

  it('has a bit of its own for every kind', () => {
    const bits = WIRESHARK_NOTES.map(noteBit);
    assert.equal(new Set(bits).size, WIRESHARK_NOTES.length);
    for (const bit of bits) {
      assert.equal(bit & (bit - 1), 0);
      assert.equal(bit & NOTE_BITS, bit);
      assert.equal(bit & (CONGESTION_EXPERIENCED | OLD_TIMESTAMP), 0);
    }
  });

  it('says something whether or not there is a packet to refer to', () => {
    for (const rule of RULES)
      for (const facts of [
        { of: null, number: null, elapsedNs: null },
        { of: 7, number: 2, elapsedNs: 204_000_000 },
      ]) {
        const { text, args } = rule.text(facts);
        for (const place of text.matchAll(/\{(\d+)\}/g))
          assert.ok(Number(place[1]) < args.length, `${rule.kind}: ${text} has no ${place[0]}`);
      }
  });
});
