import assert from 'node:assert/strict';
import { useEditor } from '../../support/editor/editor';
import { TraceView } from '../../support/editor/trace-view';

describe('a connection with problems, in the editor', () => {
  const editor = useEditor();
  let view: TraceView;

  before(async () => {
    view = new TraceView(editor());
    await editor().openFromExplorer('retransmission-timeout.pcap');
    await view.connectionRow(0).dblclick();
    await view.segment(1).click();
  });

  it('is stepped through from problem to problem', async () => {
    // The timer expired three times, doubling (the sample's README): each repetition is one step.
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      await editor().runCommand('TCP Trace: Next Problem');
      await view.isSelectedAfter(seen.at(-1) ?? 1);
      const sentence = await view.selectedSegment.getAttribute('aria-label');
      assert.match(sentence ?? '', /retransmi/i);
      seen.push(Number(await view.selectedSegment.getAttribute('data-packet')));
    }
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    await editor().screenshot('problem');
    await editor().runCommand('TCP Trace: Previous Problem');
    await view.isSelected(seen[1]!);
  });
});
