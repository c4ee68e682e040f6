import './css/base.css';
import './css/controls.css';
import './css/filter.css';
import './css/table.css';
import './css/diagram.css';
import './css/details.css';
import './css/layers.css';
import './css/graphs.css';
import './css/states.css';
import './css/diagnosis.css';
import type { ToHost, ToView } from '../src/protocol';
import { App } from './app';
import { registerControls } from './controls';
import { heldKeyboard } from './keyboard';
import { setTranslations } from './l10n';
import { pngOf } from './picture';
import { TraceClient } from './rpc';
import { restore, Store, type UiState } from './state';

const vscode = acquireVsCodeApi();
const post = (message: ToHost): void => vscode.postMessage(message);
const client = new TraceClient(post);
/** Nothing is remembered: the view was never open. */
let isNew = vscode.getState() === undefined;
const store = new Store(restore(vscode.getState()));
/** Scrolling changes these in every frame; they need not be remembered in every frame. */
const SCROLLED: ReadonlySet<keyof UiState> = new Set(['top', 'packetsTop', 'connectionsTop', 'diagnosisTop']);
const REMEMBER_AFTER_MS = 150;
let remembering = 0;
let source: string | null = null;
function remember(): void {
  window.clearTimeout(remembering);
  remembering = 0;
  vscode.setState({ ...store.now, source });
}
store.listen((now, before) => {
  const names = Object.keys(now) as (keyof UiState)[];
  // What was chosen is remembered at once: a view that is hidden has no time left for it.
  if (names.some((name) => now[name] !== before[name] && !SCROLLED.has(name))) remember();
  else if (remembering === 0) remembering = window.setTimeout(remember, REMEMBER_AFTER_MS);
});
window.addEventListener('pagehide', remember);
registerControls();

let app: App | null = null;

/** Shows the trace; sent again when it was reloaded: everything that is shown is of the old one. */
function init(data: Extract<ToView, { readonly type: 'init' }>): void {
  client.abandon();
  source = data.source;
  if (isNew && data.beginning !== null) store.set(data.beginning);
  remember();
  const giveKeyboard = heldKeyboard();
  app?.dispose();
  setTranslations(data.l10n);
  document.documentElement.lang = data.language;
  document.title = data.name;
  const view = (app = new App(client, store, post));
  document.body.replaceChildren(view.element);
  view.start(() => giveKeyboard(view.element));
  if (isNew && data.beginning?.tab === 'sequence' && data.beginning.connection !== null)
    view.reveal(data.beginning.connection, data.beginning.row, false);
  isNew = false;
}

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  switch (data.type) {
    case 'init':
      init(data);
      break;
    case 'progress':
      app?.progress(data.summary);
      break;
    case 'failed':
      app?.failed(data.message);
      break;
    case 'reveal':
      app?.reveal(data.connection, data.row, data.focus);
      break;
    case 'step':
      app?.step(data.what, data.direction);
      break;
    case 'rasterise':
      void pngOf(data.svg)
        .catch(() => null)
        .then((png) => post({ type: 'picture', id: data.id, png }));
      break;
    case 'history':
      app?.goBack(data.direction);
      break;
    case 'focusFilter':
      app?.focusFilter();
      break;
    case 'clearFilter':
      app?.clearFilter();
      break;
    case 'find':
      app?.find();
      break;
    case 'showConnections':
      app?.showConnections();
      break;
    case 'showDiagnosis':
      app?.showDiagnosis();
      break;
    case 'showNotices':
      app?.showNotices();
      break;
    case 'answer':
      client.answer(data);
      break;
  }
});

// Never before the view has the keyboard: that would take it from wherever the user is typing.
window.addEventListener('focus', () => {
  // After the press that may have brought it: what was pressed has the keyboard then, and must not move under the pointer.
  window.setTimeout(() => {
    if (document.activeElement === null || document.activeElement === document.body) app?.focus();
  });
});

post({ type: 'ready' });
