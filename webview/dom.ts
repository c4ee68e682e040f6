import { inert } from '../src/core/format/text';

/**
 * Builds elements without ever parsing markup: text becomes text nodes, and text from a capture is made inert
 * (`core/format/text.ts`) on its way in.
 */

type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;
type Child = Node | string | null | undefined | false;

/** An element with attributes (`null`, `undefined` and `false` are left out, `true` is empty) and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

export function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === '') continue;
    parent.appendChild(typeof child === 'string' ? document.createTextNode(inert(child)) : child);
  }
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
}

export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : inert(String(value));
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Replaces an element's text, touching the document only where it differs. */
export function setText(element: Element, text: string): void {
  const safe = inert(text);
  const { firstChild } = element;
  if (firstChild instanceof Text && firstChild === element.lastChild) {
    if (firstChild.data !== safe) firstChild.data = safe;
  } else element.textContent = safe;
}

/** Replaces an element's children. */
export function setChildren(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

export function setClass(element: Element, name: string): void {
  if (element.getAttribute('class') !== name) element.setAttribute('class', name);
}

/** Calls `action` once in the next frame, however often it was asked for until then. */
export function oncePerFrame(action: () => void): () => void {
  let asked = 0;
  return () => {
    if (asked !== 0) return;
    asked = requestAnimationFrame(() => {
      asked = 0;
      action();
    });
  };
}

/** A key press that belongs to us goes no further: VS Code listens on the window and would run its own binding. */
export function consume(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
