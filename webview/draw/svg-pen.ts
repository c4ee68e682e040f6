import type { Pen } from './graph-plot';

/** Takes what is painted on a canvas down as elements of an SVG picture. */
export class SvgPen implements Pen {
  strokeStyle = '#000000';
  fillStyle = '#000000';
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  private dash: readonly number[] = [];
  private path: string[] = [];
  private readonly elements: string[] = [];

  /** What has been painted, element by element. */
  get drawn(): readonly string[] {
    return this.elements;
  }

  setLineDash(lengths: Iterable<number>): void {
    this.dash = [...lengths];
  }

  beginPath(): void {
    this.path = [];
  }

  moveTo(x: number, y: number): void {
    this.path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.path.push(`L${short(x)} ${short(y)}`);
  }

  /** A whole circle, wherever the canvas would begin it: nothing else is painted here. */
  arc(x: number, y: number, radius: number): void {
    const [left, right, r] = [short(x - radius), short(x + radius), short(radius)];
    this.path.push(`M${right} ${short(y)}A${r} ${r} 0 1 1 ${left} ${short(y)}A${r} ${r} 0 1 1 ${right} ${short(y)}`);
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }

  stroke(): void {
    const dash = this.dash.length === 0 ? '' : ` stroke-dasharray="${this.dash.join(' ')}"`;
    this.put(`fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${dash}`);
  }

  fill(): void {
    this.put(`fill="${this.fillStyle}"`);
  }

  private put(attributes: string): void {
    if (this.path.length > 0)
      this.elements.push(`<path d="${this.path.join('')}" stroke-linejoin="${this.lineJoin}" ${attributes}/>`);
  }
}

/** A tenth of a pixel is finer than anything that is printed. */
const short = (pixels: number): string => String(Math.round(pixels * 10) / 10);
