import assert from 'node:assert/strict';
import { render } from '../../../src/core/format/message';
import { message } from '../../../src/core/model/message';

describe('render', () => {
  it('puts arguments in their places, numbers as they are', () => {
    assert.equal(render(message('client opens, X = {0}', 2452765130)), 'client opens, X = 2452765130');
    assert.equal(render(message('{1} before {0}', 'b', 'a')), 'a before b');
  });

  it('translates the template and the messages inside it', () => {
    const chinese: Record<string, string> = { 'acknowledges {0}': '确认 {0}', 'packet {0}': '第 {0} 个包' };
    const inner = message('packet {0}', 6);
    assert.equal(
      render(message('acknowledges {0}', inner), (english) => chinese[english] ?? english),
      '确认 第 6 个包',
    );
  });

  it('does not look for places in arguments', () => {
    assert.equal(render(message('{0} and {1}', '{1}', 'x')), '{1} and x');
    assert.equal(render(message('{0}', '$&')), '$&');
  });

  it('leaves a place without an argument visible', () => {
    assert.equal(render(message('byte {0} of {1}', 3)), 'byte 3 of {1}');
  });
});
