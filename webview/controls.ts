/**
 * The small controls, and the only file that knows that they come from `@vscode/webview-ui-toolkit`: the toolkit is
 * archived upstream and must be replaceable here alone.
 *
 * The templates of its badge and of its determinate progress ring have a binding in a `style` attribute. Such a template is
 * parsed as HTML with a placeholder for the binding, and Chromium holds that attribute against the view's content security
 * policy, whatever the binding gives. So the badge gets a template without it (for colours by name, which the toolkit has
 * none of), and the ring has no value.
 */

/** The toolkit's own (fast-foundation, badge.template) without the attribute. */
const badgeTemplate = html`<div class="control" part="control"><slot></slot></div>`;

import { html } from '@microsoft/fast-element';
import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { append, setAttributes } from './dom';

/** Registers the custom elements; called once, before any control is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeBadge({ template: badgeTemplate }),
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

function control(
  tag: string,
  attributes: Parameters<typeof setAttributes>[1],
  children: readonly (Node | string)[],
): HTMLElement {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

export interface ButtonOptions {
  /** `icon` is a small square without a frame. */
  readonly look: 'primary' | 'secondary' | 'icon';
  /** Said by screen readers and shown as the tooltip; needed where the content is no text. */
  readonly label?: string;
  readonly onClick: () => void;
}

export function button(content: string | Node, { look, label, onClick }: ButtonOptions): HTMLElement {
  const element = control('vscode-button', { appearance: look, 'aria-label': label, title: label }, [content]);
  element.addEventListener('click', onClick);
  return element;
}

/** A number in a pill; `label` says what it counts. */
export const badge = (text: string, label: string): HTMLElement =>
  control('vscode-badge', { role: 'img', 'aria-label': label, title: label }, [text]);

export interface Choice<T extends string> {
  readonly value: T;
  readonly text: string;
}

/** A dropdown; `label` is its name for screen readers and its tooltip. */
export function dropdown<T extends string>(
  label: string,
  choices: readonly Choice<T>[],
  value: T,
  onChange: (value: T) => void,
): HTMLElement {
  const element = control(
    'vscode-dropdown',
    { 'aria-label': label, title: label },
    choices.map((choice) =>
      control('vscode-option', { value: choice.value, selected: choice.value === value }, [choice.text]),
    ),
  );
  element.addEventListener('change', () => {
    const chosen = choices.find((choice) => choice.value === (element as HTMLElement & { value: string }).value);
    if (chosen !== undefined) onChange(chosen.value);
  });
  return element;
}

export function checkbox(label: string, checked: boolean, onChange: (checked: boolean) => void): HTMLElement {
  const element = control('vscode-checkbox', { checked }, [label]) as HTMLElement & { checked: boolean };
  element.addEventListener('change', () => onChange(element.checked));
  return element;
}

export interface TextField {
  readonly element: HTMLElement;
  value: string;
  /** Takes the keyboard, with all of the text selected. */
  focus(): void;
}

/** A box for one line of text; `label` is its name for screen readers, which it has as a child that is not shown. */
export function textField(
  label: string,
  placeholder: string,
  { value, onInput }: { readonly value: string; readonly onInput: (value: string) => void },
): TextField {
  const element = control('vscode-text-field', { placeholder, maxlength: 3000 }, [label]) as HTMLElement & {
    value: string;
    select(): void;
  };
  element.value = value;
  element.addEventListener('input', () => onInput(element.value));
  return {
    element,
    get value() {
      return element.value;
    },
    set value(text) {
      element.value = text;
    },
    focus() {
      element.focus();
      element.select();
    },
  };
}

/** Turns until it is removed. */
export const progressRing = (label: string): HTMLElement =>
  control('vscode-progress-ring', { 'aria-label': label }, []);

export interface TabView {
  readonly id: string;
  readonly title: string;
  readonly content: HTMLElement;
}

export interface Tabs {
  readonly element: HTMLElement;
  select(id: string): void;
  /** Puts a badge behind a tab's title, or takes it away. */
  setBadge(id: string, badge: HTMLElement | null): void;
}

/** Tabs with their panels. `start` and `end` stand beside the tabs; `onSelect` hears of tabs that the user chose. */
export function tabs(
  label: string,
  views: readonly TabView[],
  active: string,
  beside: { readonly start: HTMLElement; readonly end: HTMLElement },
  onSelect: (id: string) => void,
): Tabs {
  beside.start.slot = 'start';
  beside.end.slot = 'end';
  const heads = new Map(
    views.map(({ id, title }) => [id, control('vscode-panel-tab', { id: `tab-${id}` }, [title])] as const),
  );
  const element = control('vscode-panels', { 'aria-label': label, activeid: `tab-${active}` }, [
    beside.start,
    ...heads.values(),
    ...views.map((view) => control('vscode-panel-view', { id: `view-${view.id}` }, [view.content])),
    beside.end,
  ]) as HTMLElement & { activeid: string };
  element.addEventListener('change', (event) => {
    // Dropdowns inside the panels send events of the same name, which bubble.
    if (event.target !== element) return;
    const id = element.activeid.replace(/^tab-/, '');
    onSelect(id);
  });
  return {
    element,
    select(id) {
      if (element.activeid !== `tab-${id}`) element.activeid = `tab-${id}`;
    },
    setBadge(id, badge) {
      const head = heads.get(id)!;
      head.querySelector('vscode-badge')?.remove();
      if (badge !== null) head.append(badge);
    },
  };
}
