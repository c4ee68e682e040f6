/** Measures how smoothly something scrolls, one notch of the wheel a frame. Runs in the page around the webview. */

const NOTCH_PX = 100;

/**
 * Time between frames, in milliseconds, while the wheel turns over an element: one way, or to and fro, which keeps what
 * the wheel zooms near where it was.
 */
export function frameTimes(scroller: Element, frames: number, toAndFro = false): Promise<number[]> {
  return new Promise((resolve) => {
    const times: number[] = [];
    let last = performance.now();
    const step = (now: number): void => {
      times.push(now - last);
      last = now;
      if (times.length > frames) {
        resolve(times.slice(1));
        return;
      }
      const deltaY = toAndFro && times.length % 2 === 0 ? -NOTCH_PX : NOTCH_PX;
      scroller.dispatchEvent(new WheelEvent('wheel', { deltaY, cancelable: true, bubbles: true }));
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** The least that a recycled list can be, for comparison: as many rows as fit, each with one text. */
export function bareList(height: number, rowHeight: number): HTMLElement {
  const scroller = document.createElement('div');
  Object.assign(scroller.style, {
    position: 'fixed',
    inset: '0 0 auto',
    height: `${height}px`,
    overflow: 'hidden',
    background: 'white',
  });
  const texts = Array.from({ length: Math.ceil(height / rowHeight) + 5 }, () => {
    const row = document.createElement('div');
    Object.assign(row.style, { position: 'absolute', width: '100%', height: `${rowHeight}px`, contain: 'strict' });
    scroller.append(row);
    return row.appendChild(document.createTextNode(''));
  });
  let position = 0;
  const draw = (): void => {
    const first = Math.floor(position / rowHeight);
    for (let index = first; index < first + texts.length; index++) {
      const text = texts[index % texts.length]!;
      text.parentElement!.style.transform = `translateY(${index * rowHeight - position}px)`;
      text.data = `Row ${index}`;
    }
  };
  scroller.addEventListener('wheel', (event) => {
    position += event.deltaY;
    requestAnimationFrame(draw);
  });
  document.body.append(scroller);
  draw();
  return scroller;
}
