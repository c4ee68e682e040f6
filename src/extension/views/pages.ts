/** Connections `[start, end)` that stand in the tree as one line to open. */
export interface Page {
  readonly start: number;
  readonly end: number;
}

/** Lines below one line of the tree: VS Code takes in every child of a line that is opened, on screen or not. */
export const PAGE_LINES = 1000;

/** The pages that a range is opened into; empty where its connections can stand there themselves. */
export function pagesOf({ start, end }: Page): Page[] {
  let size = PAGE_LINES;
  if (end - start <= size) return [];
  while (end - start > size * PAGE_LINES) size *= PAGE_LINES;
  const pages: Page[] = [];
  for (let at = start; at < end; at += size) pages.push({ start: at, end: Math.min(at + size, end) });
  return pages;
}

/** The pages that a connection stands in, of so many in all, the outermost first. */
export function pathTo(connection: number, connections: number): Page[] {
  const path: Page[] = [];
  for (let page: Page | undefined = { start: 0, end: connections }; page !== undefined;) {
    page = pagesOf(page).find(({ start, end }) => connection >= start && connection < end);
    if (page !== undefined) path.push(page);
  }
  return path;
}
