import assert from 'node:assert/strict';
import { useHarness } from './harness';

const FRAMES = 60;
const ROUNDS = 3;
/** Height of a row of the diagram in one line. */
const ROW_HEIGHT = 30;
/**
 * Frames are whole refreshes of the screen, and a busy machine loses some. What takes time for each segment there is takes
 * far more than this; `npm run bench:view` measures the rest.
 */
const SLOWEST_MS = 67;

describe('scrolling through a million segments', () => {
  const open = useHarness();

  it('is about as smooth as a bare list of as many rows', async function () {
    this.timeout(90_000);
    const view = await open('million');
    await view.openConnection(0);
    await view.frame.getByRole('checkbox', { name: 'Fold quiet runs' }).click();
    await view.tell({ type: 'reveal', focus: true, connection: 0, row: 400_000 });
    await view.isSelected(400_001);
    const p95 = async (bareRowHeight: number | null): Promise<number> => {
      const times = await view.page.evaluate(
        ([frames, height]) => window.measure('.diagram-scroller', frames, height),
        [FRAMES, bareRowHeight] as const,
      );
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
    };
    // Taken in turns, so that whatever else the machine does hits both alike; the quietest round of each counts.
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      bare.push(await p95(ROW_HEIGHT));
      ours.push(await p95(null));
    }
    const limit = Math.max(SLOWEST_MS, 3 * Math.min(...bare));
    assert.ok(Math.min(...ours) <= limit, `p95 of ours ${ours.join(', ')} ms; of the bare list ${bare.join(', ')} ms`);
  });
});
