import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { inProject } from '../support/command';
import { launchChromium } from '../support/editor/chromium';
import { serveHarness, type Harness, type ThemeName } from '../support/webview-harness/server';
import themes from '../support/webview-harness/themes.json';
import type { ToHost, ToView, ViewState } from '../../src/protocol';

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: ThemeName;
}

declare global {
  interface Window {
    /** In the webview’s page: puts on another theme, as VS Code does while a webview is open. */
    wear: (theme: (typeof themes)[ThemeName]) => void;
  }
}

/** One webview in a page of its own, and what a person sees and does in it. */
export class View {
  readonly errors: string[] = [];

  constructor(
    readonly page: Page,
    readonly frame: Frame,
  ) {}

  get connections(): Locator {
    return this.frame.locator('.table-scroller [data-connection]:visible');
  }

  get segments(): Locator {
    return this.frame.getByRole('listbox', { name: /^Segments of connection/ });
  }

  /** Rows of the diagram that are on screen. */
  get rows(): Locator {
    return this.segments.locator('[role=option]:visible');
  }

  segment(packet: number): Locator {
    return this.segments.locator(`[data-packet="${packet}"]:visible`);
  }

  get selected(): Locator {
    return this.segments.locator('[aria-selected=true]:visible');
  }

  get card(): Locator {
    return this.frame.getByRole('tooltip');
  }

  field(name: string): Locator {
    return this.frame.getByRole('option', { name: new RegExp(`^${name}:`) });
  }

  get endpoints(): Locator {
    return this.frame.getByRole('region', { name: 'Endpoints' });
  }

  get markedBytes(): Locator {
    return this.frame.locator('.bytes-panel .hex .marked:visible');
  }

  async openConnection(connection: number): Promise<void> {
    await this.frame.locator(`[data-connection="${connection}"]:visible`).dblclick();
    await this.segments.locator('[data-packet]:visible').first().waitFor();
  }

  async isSelected(packet: number): Promise<void> {
    await this.segments.locator(`[data-packet="${packet}"][aria-selected=true]:visible`).waitFor();
  }

  async chooseTab(name: string): Promise<void> {
    await this.frame.getByRole('tab', { name }).click();
    await this.frame.locator(`.app[data-tab="${name.toLowerCase()}"]`).waitFor();
  }

  /** Sends a message as the extension host would. */
  tell(message: ToView): Promise<void> {
    return this.page.evaluate((sent) => window.tell(sent), message);
  }

  /** What the webview sent to the host, of one type, once there are as many (messages take their time). */
  async asked<T extends ToHost['type']>(type: T, atLeast = 1): Promise<Extract<ToHost, { type: T }>[]> {
    const messages = await this.page.waitForFunction(
      ([wanted, least]) => {
        const found = window.asked.filter((message) => message.type === wanted);
        return found.length >= least ? found : null;
      },
      [type, atLeast] as const,
    );
    return (await messages.jsonValue()) as Extract<ToHost, { type: T }>[];
  }

  /** Waits until the host has heard that this is the state. */
  async hasSaid(state: ViewState): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const last = window.asked.filter((message) => message.type === 'state').at(-1);
        return JSON.stringify(last) === wanted;
      },
      JSON.stringify({ type: 'state', state }),
    );
  }

  async wear(theme: ThemeName): Promise<void> {
    await this.frame.evaluate((worn) => window.wear(worn), themes[theme]);
  }

  /** Takes a picture into `artefacts/webview`, for people to look at. */
  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: inProject('artefacts', 'webview', `${name}.png`) });
  }

  /** Exceptions, and what the content security policy forbade. */
  async faults(): Promise<string[]> {
    return [...this.errors, ...(await this.page.evaluate(() => window.violations))];
  }
}

/** Longer than anything takes on a busy machine; what is waited for longer is named in the failure, by the browser. */
const WAIT_MS = 20_000;

/**
 * Serves the harness and starts a browser for the tests of one `describe`; returns how to open a trace. Pages are used
 * again by later tests, which spares a third of the time; each trace that is opened has a state of its own.
 */
export function useHarness(
  /** Called before the browser starts; the folder with the captures, by default the samples. */
  captures?: () => string,
): (trace: string, options?: OpenOptions) => Promise<View> {
  let harness: Harness;
  let browser: Browser;
  let opened: View[] = [];
  const idle: Page[] = [];
  let openings = 0;

  before(async function () {
    this.timeout(8 * 60_000); // a Chromium may have to be installed first
    [harness, browser] = await Promise.all([
      serveHarness({ minify: true, ...(captures === undefined ? {} : { captures: captures() }) }),
      launchChromium(),
    ]);
  });
  beforeEach(function () {
    const test = this.currentTest!;
    test.timeout(Math.max(test.timeout(), 2 * WAIT_MS));
  });
  afterEach(async function () {
    for (const { page } of opened) page.removeAllListeners('pageerror');
    if (this.currentTest!.isPassed()) idle.push(...opened.map(({ page }) => page));
    else await Promise.all(opened.map(({ page }) => page.close()));
    opened = [];
  });
  after(async () => {
    await browser.close();
    await harness.close();
  });

  const newPage = async (): Promise<Page> => {
    const page = await browser.newPage();
    page.setDefaultTimeout(WAIT_MS);
    return page;
  };

  return async (trace, { width = 1400, height = 900, theme = 'dark' } = {}) => {
    const page = idle.pop() ?? (await newPage());
    await page.setViewportSize({ width, height });
    // Where the pointer was left by another test, it would be over something.
    await page.mouse.move(0, 0);
    await page.goto(`${harness.url}?trace=${trace}&theme=${theme}&opening=${++openings}`);
    const frame = page.frames().find((candidate) => candidate.url().includes('/view'))!;
    const view = new View(page, frame);
    page.on('pageerror', (error) => view.errors.push(error.message));
    opened.push(view);
    await frame.locator('.app').waitFor();
    return view;
  };
}
