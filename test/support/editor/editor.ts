import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { inProject } from '../command';
import { launchChromium } from './chromium';
import { installExtension, makeProfile, profileIn, startServer, type Server } from './server';
import { copySamples, type Workspace } from './workspace';

/** The packed extension that the browser tests install, as a person would. */
export const VSIX = inProject('out/tcp-trace-explorer.vsix');
/** Screenshots and what else is kept of a run. */
const ARTEFACTS = inProject('artefacts');

export interface EditorOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Settings on top of a quiet editor's. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A theme as the picker names it, and the class by which the workbench names its kind. */
export interface Theme {
  readonly label: string;
  readonly kind: string;
}

/** Themes that come with VS Code, one of each kind. */
export const THEMES = {
  dark: { label: 'Dark Modern', kind: 'vs-dark' },
  light: { label: 'Light Modern', kind: 'vs' },
  highContrast: { label: 'Dark High Contrast', kind: 'hc-black' },
  highContrastLight: { label: 'Light High Contrast', kind: 'hc-light' },
} as const satisfies Record<string, Theme>;

/** Long enough for a machine that is busy with other things. */
const WAIT_MS = 30_000;

/**
 * A real editor with the extension installed from its package, open in a headless Chromium on a copy of the samples.
 * Does what a person does, by mouse and keyboard.
 */
export class Editor {
  /** What the workbench and the webviews wrote to the browser's console. */
  readonly messages: string[] = [];

  private constructor(
    readonly page: Page,
    readonly workspace: Workspace,
    private readonly profileFolder: string,
    private readonly server: Server,
    private readonly browser: Browser,
  ) {
    page.on('console', (message) => this.messages.push(message.text()));
  }

  /** @throws {Error} when the package is not there or the editor does not start */
  static async start(options: EditorOptions = {}): Promise<Editor> {
    if (!existsSync(VSIX)) throw new Error(`${VSIX} is not there: run the tests with \`npm test -- browser\``);
    const folder = mkdtempSync(path.join(tmpdir(), 'editor-'));
    const workspace = copySamples();
    const profile = makeProfile(profileIn(folder), {
      'workbench.colorTheme': 'Default Dark Modern',
      // A view that takes the focus late, on a busy machine, must not close it.
      'workbench.quickOpen.closeOnFocusLost': false,
      ...options.settings,
    });
    await installExtension(profile, VSIX);
    const server = await startServer({ profile, ports: '0', automation: true });
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: options.viewport ?? { width: 1400, height: 900 } });
    page.setDefaultTimeout(WAIT_MS);
    const editor = new Editor(page, workspace, folder, server, browser);
    await editor.load();
    return editor;
  }

  /** Another window on the same folder, with an extension host of its own; its page is to be closed, not the editor. */
  async openWindow(): Promise<Editor> {
    const page = await this.browser.newPage({ viewport: this.page.viewportSize() });
    page.setDefaultTimeout(WAIT_MS);
    const editor = new Editor(page, this.workspace, this.profileFolder, this.server, this.browser);
    await editor.load();
    return editor;
  }

  /** Opens the workbench, or opens it anew, as a reload of the window does. */
  async load(): Promise<void> {
    await this.page.goto(this.server.url(this.workspace.folder));
    await this.page.getByRole('tree', { name: 'Files Explorer' }).waitFor();
  }

  /** Reloads the window by the editor's own command, which saves first what is open. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.page.getByRole('tree', { name: 'Files Explorer' }).waitFor();
  }

  /** Changes the colour theme, and waits until it is there. */
  async useTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.page.getByPlaceholder('Select Color Theme').fill(theme.label);
    await this.quickInputOption(theme.label).click();
    await this.page.locator(`.monaco-workbench.${theme.kind}`).waitFor();
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    this.workspace.remove();
    rmSync(this.profileFolder, { recursive: true, force: true });
  }

  /** Opens a file of the samples' folder by a double click in the explorer and waits until its view is there. */
  async openFromExplorer(name: string): Promise<void> {
    const binaryPage = this.page.getByText('The file is not displayed in the text editor');
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      await this.page.getByRole('treeitem', { name, exact: true }).dblclick();
      const webview = this.webviewFrame();
      await binaryPage.or(webview).first().waitFor();
      if (!(await binaryPage.isVisible())) return;
      // In a profile that is new, a click can come before the editor knows its extensions.
      if (performance.now() > deadline) throw new Error(`${name} opens as a binary file`);
      await this.closeTab(name);
    }
  }

  /** Closes the tab of a file. */
  async closeTab(name: string): Promise<void> {
    const tab = this.tab(name);
    await tab.hover();
    await tab.getByRole('button', { name: /^Close/ }).click();
    await tab.waitFor({ state: 'detached' });
  }

  tab(name: string): Locator {
    return this.page.getByRole('tab', { name: new RegExp(`^${escapeExpression(name)}`) });
  }

  /** Runs a command from the command palette by its title, "TCP Trace: Go to Packet…". */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.waitFor();
    const option = this.quickInputOption(title);
    const deadline = performance.now() + WAIT_MS;
    for (;;) {
      await this.quickInputField.fill(`>${title}`);
      const isThere = await option.waitFor({ timeout: WAIT_MS / 10 }).then(
        () => true,
        () => false,
      );
      if (isThere || performance.now() > deadline) break;
      // In a profile that is new, it can be asked for before the editor knows its extensions.
      await this.quickInputField.fill('>');
    }
    await option.click();
  }

  /** The box at the top in which commands, files and choices are made. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  get quickInputField(): Locator {
    return this.quickInput.locator('input[type="text"]');
  }

  /** Waits for the quick input that has this title, and types into it. */
  async fillQuickInput(title: string, text: string): Promise<void> {
    await this.quickInput.locator('.quick-input-title').getByText(title, { exact: true }).waitFor();
    await this.quickInputField.fill(text);
  }

  /** A choice by its name; behind a comma, VS Code adds its keyboard shortcut and its group. */
  private quickInputOption(name: string): Locator {
    return this.quickInput.getByRole('option', { name: new RegExp(`^${escapeExpression(name)}(,|$)`) }).first();
  }

  /** Waits until the quick input proposes this text. */
  async quickInputHolds(text: string): Promise<void> {
    const deadline = performance.now() + WAIT_MS;
    while ((await this.quickInputField.inputValue()) !== text) {
      if (performance.now() > deadline) throw new Error(`The box proposes ${await this.quickInputField.inputValue()}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Chooses a line of the quick input by its name. */
  async chooseQuickInput(name: string): Promise<void> {
    await this.quickInputOption(name).click();
  }

  /** What can be chosen in the quick input, as it reads. */
  quickInputOptions(): Locator {
    return this.quickInput.getByRole('option');
  }

  private webviewFrame(): Locator {
    return this.page.locator('iframe.webview.ready:visible');
  }

  /** The document of the visible webview: VS Code puts it in a frame inside a frame. */
  get view(): FrameLocator {
    return this.webviewFrame().first().contentFrame().locator('#active-frame').contentFrame();
  }

  /** Keeps a picture of the whole editor in artefacts/. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(ARTEFACTS, { recursive: true });
    await this.page.screenshot({ path: path.join(ARTEFACTS, `${name}.png`) });
  }
}

const escapeExpression = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * An editor for the tests of a `describe`: started before the first, closed after the last. A failed test leaves a
 * picture in artefacts/.
 */
export function useEditor(options: EditorOptions = {}): () => Editor {
  let editor: Editor | undefined;
  before(async function () {
    this.timeout(120_000);
    editor = await Editor.start(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await editor?.screenshot(`failed ${this.currentTest.fullTitle().replace(/[^\w.-]+/g, ' ')}`);
  });
  after(async function () {
    this.timeout(30_000);
    await editor?.close();
  });
  return () => {
    if (!editor) throw new Error('The editor is there only while tests run');
    return editor;
  };
}
