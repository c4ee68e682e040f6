import { setAttribute, setClass, svg } from '../dom';

/** What joins a segment to the one whose bytes it carries again; `y` is null where that is above the rows on screen. */
export interface Tie {
  readonly from: number | null;
  readonly to: number;
  readonly side: 'client' | 'server';
  readonly title: string;
  /** Packet that it leads to. */
  readonly packet: number;
}

/** A stretch of lines with a name: `[top, bottom)`, in pixels of the layer that the rows are placed in. */
export interface Bracket {
  readonly top: number;
  readonly bottom: number;
  /** The stretch begins, or ends, here and not beyond the screen. */
  readonly begins: boolean;
  readonly ends: boolean;
  readonly name: string;
  readonly title: string;
}

/** Width of a letter of a bracket's name, which is written along it. */
const LETTER = 6;
/** How far ties reach into the space between the lanes; those that lie beside each other take different ones. */
const REACHES = [13, 18, 23, 28] as const;

class TieShape {
  private readonly title = svg('title');
  private readonly line = svg('path', { class: 'line' });
  private readonly hit = svg('path', { class: 'hit' }, this.title);
  private readonly dot = svg('circle', { class: 'origin', r: 3 });
  readonly element = svg('g', { class: 'tie' }, this.line, this.dot, this.hit);

  draw(tie: Tie, x: number, top: number, index: number): void {
    const inward = tie.side === 'client' ? 1 : -1;
    const reach = x + inward * REACHES[index % REACHES.length]!;
    const from = tie.from ?? top;
    // A line from beyond the screen comes straight down.
    const start = tie.from === null ? `M${reach} ${from}L${reach} ` : `M${x} ${from}Q${reach} ${from} ${reach} `;
    const bend = Math.min(10, Math.abs(tie.to - from) / 2);
    const d = `${start}${tie.from === null ? tie.to - bend : `${from + bend}L${reach} ${tie.to - bend}`}Q${reach} ${tie.to} ${x + inward * 3} ${tie.to}`;
    setAttribute(this.line, 'd', d);
    setAttribute(this.hit, 'd', d);
    setAttribute(this.dot, 'cx', x);
    setAttribute(this.dot, 'cy', from);
    setAttribute(this.dot, 'display', tie.from === null ? 'none' : null);
    setAttribute(this.element, 'data-to', tie.packet);
    if (this.title.textContent !== tie.title) this.title.textContent = tie.title;
  }
}

class BracketShape {
  private readonly title = svg('title');
  private readonly line = svg('path', { class: 'line' });
  private readonly name = svg('text', { 'text-anchor': 'middle' });
  readonly element = svg('g', { class: 'phase' }, this.title, this.line, this.name);

  draw({ top, bottom, begins, ends, name, title }: Bracket): void {
    const [x, foot] = [12.5, 17];
    const [from, to] = [top + (begins ? 3 : 0), bottom - (ends ? 3 : 0)];
    setAttribute(
      this.line,
      'd',
      `${begins ? `M${foot} ${from}L${x} ${from}` : `M${x} ${from}`}L${x} ${to}${ends ? `L${foot} ${to}` : ''}`,
    );
    const middle = (from + to) / 2;
    setAttribute(this.name, 'transform', `translate(9 ${middle}) rotate(-90)`);
    const text = name.length * LETTER <= to - from ? name : '';
    if (this.name.textContent !== text) this.name.textContent = text;
    if (this.title.textContent !== title) this.title.textContent = title;
  }
}

/** Over the rows, and moved with them: what belongs to several rows at once. A picture to assistive technology. */
export class Overlay {
  readonly element: SVGSVGElement;
  private readonly ties: TieShape[] = [];
  private readonly brackets: BracketShape[] = [];

  /** @param onTie hears of the packet that a tie leads to, when it is clicked */
  constructor(onTie: (packet: number) => void) {
    this.element = svg('svg', { class: 'overlay', 'aria-hidden': 'true' });
    this.element.addEventListener('click', (event) => {
      const tie = (event.target as Element).closest('.tie');
      if (tie !== null) onTie(Number(tie.getAttribute('data-to')));
    });
  }

  /** @param x of the client's and of the server's end of the arrows; `top` of the first row drawn */
  draw(
    ties: readonly Tie[],
    brackets: readonly Bracket[],
    x: { readonly client: number; readonly server: number },
    top: number,
  ): void {
    this.resize(this.ties, ties.length, () => new TieShape());
    this.resize(this.brackets, brackets.length, () => new BracketShape());
    ties.forEach((tie, i) => this.ties[i]!.draw(tie, x[tie.side], top, i));
    brackets.forEach((bracket, i) => this.brackets[i]!.draw(bracket));
    setClass(this.element, ties.length + brackets.length > 0 ? 'overlay' : 'overlay none');
  }

  private resize<S extends { readonly element: SVGElement }>(shapes: S[], wanted: number, create: () => S): void {
    while (shapes.length < wanted) {
      const shape = create();
      shapes.push(shape);
      this.element.append(shape.element);
    }
    for (const shape of shapes.splice(wanted)) shape.element.remove();
  }
}
