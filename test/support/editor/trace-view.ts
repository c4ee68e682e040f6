import type { FrameLocator, Locator } from 'playwright-core';
import type { Editor } from './editor';

/** The view of a trace inside an editor: where its parts are, by their roles. */
export class TraceView {
  constructor(private readonly editor: Editor) {}

  private get view(): FrameLocator {
    return this.editor.view;
  }

  get root(): Locator {
    return this.view.locator(':root');
  }

  /** The table of connections. */
  get connections(): Locator {
    return this.view.getByRole('grid', { name: 'Connections' });
  }

  get connectionRows(): Locator {
    return this.connections.locator('[data-connection]:visible');
  }

  connectionRow(connection: number): Locator {
    return this.connections.locator(`[data-connection="${connection}"]:visible`);
  }

  /** The sequence diagram's rows. */
  get segments(): Locator {
    return this.view.getByRole('listbox', { name: /^Segments/ });
  }

  /** What says which connection is shown, once it is that one. */
  picker(connection: number): Locator {
    return this.view.getByRole('button', { name: new RegExp(`^Connection ${connection},`) });
  }

  /** The row of the segment in that packet. */
  segment(packet: number): Locator {
    return this.segments.locator(`[data-packet="${packet}"]:visible`);
  }

  get selectedSegment(): Locator {
    return this.segments.locator('[data-packet][aria-selected="true"]:visible');
  }

  /** Header, bytes and endpoints of the selected segment. */
  get details(): Locator {
    return this.view.getByRole('region', { name: 'Details' });
  }

  /** A field of the header picture by its name in the RFC. */
  field(name: string): Locator {
    return this.details.getByRole('option', { name: new RegExp(`^${name}`) });
  }

  /** Both endpoints' variables. */
  get endpoints(): Locator {
    return this.details.getByRole('region', { name: 'Endpoints' }).getByRole('table');
  }

  /** The card that comes when the pointer rests on a segment. */
  get card(): Locator {
    return this.view.getByRole('tooltip');
  }

  /** The filter that all tabs share. */
  get filter(): Locator {
    return this.view.getByRole('combobox', { name: 'Filter' });
  }

  /** Something that can be typed next. */
  suggestion(text: string): Locator {
    return this.view.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name: text });
  }

  get packets(): Locator {
    return this.view.getByRole('grid', { name: 'Packets' });
  }

  get stream(): Locator {
    return this.view.getByRole('grid', { name: 'Stream' });
  }

  /** The box that finds in it, and the bytes of the match that is shown. */
  get find(): Locator {
    return this.view.getByRole('textbox', { name: 'Find in the stream' });
  }

  get found(): Locator {
    return this.stream.locator('.found.current');
  }

  async chooseTab(name: string): Promise<void> {
    await this.view.getByRole('tab', { name, exact: true }).click();
  }

  get saveGraph(): Locator {
    return this.view.getByRole('button', { name: 'Save the graph as a picture…' });
  }

  get exportButton(): Locator {
    return this.view.getByRole('button', { name: 'Export…' });
  }

  /** Opens what the connection carried as a document of VS Code. */
  async openAsDocument(): Promise<void> {
    await this.view.getByRole('button', { name: 'Open as Document' }).click();
  }

  /** Waits for the segment in that packet to be the selected one, in view. */
  async isSelected(packet: number): Promise<void> {
    await this.segments.locator(`[data-packet="${packet}"][aria-selected="true"]:visible`).waitFor();
  }

  /** Waits for the selection to be on a later packet. */
  async isSelectedAfter(packet: number): Promise<void> {
    await this.selectedSegment.and(this.view.locator(`:not([data-packet="${packet}"])`)).waitFor();
  }

  /** State of client and server in that packet's row, as it is said to those who hear it. */
  async statesAt(packet: number): Promise<readonly [client: string, server: string]> {
    const sentence = (await this.segment(packet).getAttribute('aria-label')) ?? '';
    const states = /Client ([A-Z0-9-]+), server ([A-Z0-9-]+)\.$/.exec(sentence);
    if (!states) throw new Error(`The row of packet ${packet} says no states: ${sentence}`);
    return [states[1]!, states[2]!];
  }
}
