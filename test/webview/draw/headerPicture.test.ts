import assert from 'node:assert/strict';
import type { Field, Layer } from '../../../src/core/model/packet';
import { fieldsAt, headerPicture } from '../../../webview/draw/headerPicture';

const field = (id: string, bit: number, bits: number, children?: readonly Field[]): Field => ({
  id,
  name: id,
  value: '0',
  bit,
  bits,
  ...(children === undefined ? {} : { children }),
});

const layer = (start: number, end: number, fields: readonly Field[]): Layer => ({
  id: 'x',
  place: 'payload',
  name: 'x',
  summary: '',
  buffer: 0,
  start,
  end,
  until: end,
  fields,
});

/** Cells as text: name, then row:column+columns of each piece ("x2" for two rows, "*" where the value stands). */
const picture = (drawn: Layer): string[] =>
  headerPicture(drawn).cells.map(
    ({ field: { id }, pieces }) =>
      `${id} ${pieces.map((p) => `${p.row}:${p.column}+${p.columns}${p.rows > 1 ? `x${p.rows}` : ''}${p.main ? '*' : ''}`).join(' ')}`,
  );

describe('the picture of a header', () => {
  it('has 32 bits to a row, wherever the header begins', () => {
    const at = 34 * 8;
    assert.deepEqual(
      picture(layer(34, 42, [field('source', at, 16), field('destination', at + 16, 16), field('seq', at + 32, 32)])),
      ['source 0:0+16*', 'destination 0:16+16*', 'seq 1:0+32*'],
    );
  });

  it('wraps what does not end with its row, and puts the value where there is most room', () => {
    // Ethernet: 48, 48 and 16 bits.
    assert.deepEqual(picture(layer(0, 14, [field('to', 0, 48), field('from', 48, 48), field('type', 96, 16)])), [
      'to 0:0+32* 1:0+16',
      'from 1:16+16 2:0+32*',
      'type 3:0+16*',
    ]);
  });

  it('spans rows with a wide field, and shortens what is very long', () => {
    assert.deepEqual(picture(layer(0, 16, [field('address', 0, 128)])), ['address 0:0+32x4*']);
    const long = headerPicture(layer(0, 104, [field('data', 0, 800), field('after', 800, 32)]));
    assert.deepEqual(
      long.cells.map(({ shortened }) => shortened),
      [true, false],
    );
    assert.deepEqual(picture(layer(0, 104, [field('data', 0, 800), field('after', 800, 32)])), [
      'data 0:0+32x4*',
      'after 4:0+32*',
    ]);
  });

  it('draws flags bit by bit, and options one by one', () => {
    const flags = field(
      'flags',
      0,
      8,
      Array.from({ length: 8 }, (_, i) => field(`bit${i}`, i, 1)),
    );
    const [drawn] = headerPicture(layer(0, 1, [flags])).cells;
    assert.equal(drawn?.parts?.length, 8);
    const mss = field('mss', 0, 32, [field('kind', 0, 8), field('length', 8, 8), field('value', 16, 16)]);
    const options = field('options', 0, 64, [mss, field('nop', 32, 8), field('scale', 40, 24)]);
    assert.deepEqual(picture(layer(0, 8, [options])), ['mss 0:0+32*', 'nop 1:0+8*', 'scale 1:8+24*']);
  });

  it('leaves out of the picture what has no bits of its own there', () => {
    const { cells, rest } = headerPicture(
      layer(4, 8, [field('real', 32, 32), field('derived', 32, 0), field('again', 40, 8), field('before', 0, 8)]),
    );
    assert.deepEqual(
      cells.map((cell) => cell.field.id),
      ['real'],
    );
    assert.deepEqual(rest.map(({ id }) => id).sort(), ['again', 'before', 'derived']);
  });

  it('finds the fields around a bit, outermost first', () => {
    const options = field('options', 0, 64, [field('mss', 0, 32, [field('kind', 0, 8)]), field('nop', 32, 8)]);
    assert.deepEqual(
      fieldsAt([options], 3).map(({ id }) => id),
      ['options', 'mss', 'kind'],
    );
    assert.deepEqual(
      fieldsAt([options], 20).map(({ id }) => id),
      ['options', 'mss'],
    );
    assert.deepEqual(fieldsAt([options], 64), []);
  });
});
