import assert from 'node:assert/strict';
import type { Memento, Uri } from 'vscode';
import { ALL, ChosenParts } from '../../src/extension/editor/chosen-parts';

/** What VS Code keeps for a workspace: values as JSON. */
function memento(kept: Record<string, string> = {}): Memento {
  return {
    keys: () => Object.keys(kept),
    get: (key: string) => (kept[key] === undefined ? undefined : (JSON.parse(kept[key]) as unknown)),
    update: (key: string, value: unknown) => {
      kept[key] = JSON.stringify(value);
      return Promise.resolve();
    },
  } as Memento;
}

const uri = (address: string): Uri =>
  ({ with: () => ({ toString: () => address.replace(/#.*/, '') }) }) as unknown as Uri;

describe('the parts of files that are loaded', () => {
  const CAPTURE = uri('file:///a.pcap');
  const RANGE = { from: 100, to: 200, only: 'tcp.port == 80', limited: true };
  const EVERYTHING = { from: 1, to: Infinity, only: '', limited: false };

  it('are all packets that the limit allows, where nobody chose any', () => {
    assert.deepEqual(new ChosenParts(memento()).of(CAPTURE), ALL);
  });

  it('are remembered by the next window, each for its file, also when a link opened that', () => {
    const workspace = memento();
    const parts = new ChosenParts(workspace);
    parts.remember(uri('file:///a.pcap#packet=3'), RANGE);
    parts.remember(uri('file:///b.pcap'), EVERYTHING);
    const next = new ChosenParts(workspace);
    assert.deepEqual(next.of(CAPTURE), RANGE);
    assert.deepEqual(next.of(uri('file:///b.pcap')), EVERYTHING);
  });

  it('are forgotten with the last editor', () => {
    const workspace = memento();
    const parts = new ChosenParts(workspace);
    parts.remember(CAPTURE, RANGE);
    parts.remember(uri('file:///b.pcap'), EVERYTHING);
    parts.forget(CAPTURE);
    assert.deepEqual(new ChosenParts(workspace).of(CAPTURE), ALL);
    assert.deepEqual(parts.of(uri('file:///b.pcap')), EVERYTHING);
  });

  it('are all where something else was kept', () => {
    for (const kept of [
      null,
      3,
      [],
      { 'file:///a.pcap': 5 },
      { 'file:///a.pcap': { ...RANGE, from: 0 } },
      { 'file:///a.pcap': { ...RANGE, to: 99 } },
      { 'file:///a.pcap': { ...RANGE, only: 7 } },
      { 'file:///a.pcap': { from: 1, to: null, only: '' } },
    ])
      assert.deepEqual(new ChosenParts(memento({ 'tcpTrace.chosenParts': JSON.stringify(kept) })).of(CAPTURE), ALL);
  });
});
