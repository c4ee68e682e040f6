import type { Sparkline } from '../../src/core/model/connection';
import { setAttribute, svg } from '../dom';

const SPARKLINE_WIDTH = 84;
const HEIGHT = 22;
/** Parts of the time that are drawn: three pixels each. */
export const SPARKLINE_BINS = SPARKLINE_WIDTH / 3;

/** Throughput over a connection's time: bars up for what the client sent, down for the server, on one scale. */
export class SparklinePicture {
  private readonly up = svg('path', { class: 'up' });
  private readonly down = svg('path', { class: 'down' });
  private readonly axis = svg('path', { class: 'axis', d: `M0 ${HEIGHT / 2}h${SPARKLINE_WIDTH}` });
  readonly element = svg(
    'svg',
    { class: 'sparkline', width: SPARKLINE_WIDTH, height: HEIGHT, 'aria-hidden': 'true' },
    this.axis,
    this.up,
    this.down,
  );

  /** `null` while it is not known: the axis alone. */
  draw(data: Sparkline | null): void {
    const most = data === null ? 0 : Math.max(1, ...data.client, ...data.server);
    setAttribute(this.up, 'd', data === null ? '' : bars(data.client, most, -1));
    setAttribute(this.down, 'd', data === null ? '' : bars(data.server, most, 1));
  }
}

/** What was sent at all is at least a pixel high. */
function bars(values: readonly number[], most: number, direction: 1 | -1): string {
  const width = SPARKLINE_WIDTH / values.length;
  const room = HEIGHT / 2 - 1;
  return values
    .map((value, i) => {
      if (value <= 0) return '';
      const height = Math.max(1, (value / most) * room);
      return `M${(i * width).toFixed(1)} ${HEIGHT / 2}h${width.toFixed(1)}v${(direction * height).toFixed(1)}h${(-width).toFixed(1)}z`;
    })
    .join('');
}
