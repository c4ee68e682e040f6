/**
 * The page around the webview: it plays the extension host and the worker. Samples are analysed by the real worker,
 * made-up traces answer by themselves. What the webview asked for is kept in `window.asked`, for tests.
 */
import type { FromWorker, ToHost, ToView, TraceQueries, TraceQuery } from '../../../src/protocol';
import chinese from '../../../l10n/bundle.l10n.zh-cn.json';
import { bareList, frameTimes } from './measure';
import { MADE_UP, type MadeUpTrace } from './traces';

declare global {
  interface Window {
    asked: ToHost[];
    /** Whether the webview has heard that the analysis is over. */
    analysed: boolean;
    violations: string[];
    /** Sends a message as the host would. */
    tell: (message: ToView) => void;
    /** Time between frames while an element of the webview is scrolled, or a bare list of the same size over it. */
    measure: (selector: string, frames: number, bareRowHeight: number | null) => Promise<number[]>;
    /** Time between frames while the wheel zooms an element of the webview in and out. */
    measureZoom: (selector: string, frames: number) => Promise<number[]>;
  }
}

const parameters = new URLSearchParams(location.search);
const traceName = parameters.get('trace') ?? 'ftp-textbook.pcap';
const latency = Number(parameters.get('latency') ?? 0);

window.asked = [];
window.analysed = false;
window.violations = [];
const frame = document.createElement('iframe');
frame.title = 'webview';
frame.src = `/view${location.search}`;

window.tell = (message) => {
  if (message.type === 'progress') window.analysed = message.summary.done;
  frame.contentWindow?.postMessage(message, '*');
};

window.measure = async (selector, frames, bareRowHeight) => {
  const element = frame.contentDocument!.querySelector<HTMLElement>(selector)!;
  if (bareRowHeight === null) return frameTimes(element, frames);
  const list = bareList(element.clientHeight, bareRowHeight);
  const times = await frameTimes(list, frames);
  list.remove();
  return times;
};

window.measureZoom = (selector, frames) => frameTimes(frame.contentDocument!.querySelector(selector)!, frames, true);

interface Host {
  start(): void;
  query(id: number, query: TraceQuery, params: unknown): void;
}

function workerHost(file: string): Host {
  const worker = new Worker('/worker.js');
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (latency > 0 && data.type === 'answer') setTimeout(() => window.tell(data), latency);
    else window.tell(data);
  };
  return {
    start() {
      void (async () => {
        const bytes = new Uint8Array(await (await fetch(`/samples/${file}`)).arrayBuffer());
        worker.postMessage({ type: 'open', input: { kind: 'bytes', bytes }, options: { decompressionLimit: 1 << 30 } });
      })();
    },
    query: (id, query, params) => worker.postMessage({ type: 'query', id, query, params }),
  };
}

function madeUpHost(trace: MadeUpTrace): Host {
  return {
    start() {
      trace.start(window.tell);
    },
    query<Q extends TraceQuery>(id: number, query: Q, params: TraceQueries[Q]['params']) {
      // Answers are copied, as they are on their way between processes.
      const result = structuredClone(trace.answers[query](params as never));
      setTimeout(() => window.tell({ type: 'answer', id, ok: true, result }), latency);
    },
  };
}

const madeUp = MADE_UP[traceName];
const host = madeUp === undefined ? workerHost(traceName) : madeUpHost(madeUp());

addEventListener('message', ({ data }: MessageEvent<{ toHost?: ToHost; violation?: string }>) => {
  if (data.violation !== undefined) window.violations.push(data.violation);
  const message = data.toHost;
  if (message === undefined) return;
  window.asked.push(message);
  if (message.type === 'ready') {
    const language = parameters.get('language') ?? 'en';
    window.tell({
      type: 'init',
      beginning: null,
      name: traceName,
      source: `trace:${traceName}`,
      l10n: language === 'en' ? {} : chinese,
      language,
    });
    host.start();
  } else if (message.type === 'query') host.query(message.id, message.query, message.params);
});
document.body.append(frame);
