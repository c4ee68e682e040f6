import { Uri, workspace } from 'vscode';
import type { FromWorker, ToWorker } from '../../protocol';
import type { AnalysisWorker, Platform, WorkerListener } from './platform';

/** The part of the web's Worker that is used here; the library of web types would lend the whole DOM to the extension. */
declare class Worker {
  constructor(address: string);
  onmessage: ((event: { data: FromWorker }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
  postMessage(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}

export const webPlatform: Platform = {
  async loadWorker(extensionUri) {
    // A worker cannot be started from every place that an extension may come from (another origin, a remote machine):
    // its code is read as any file, and started from memory.
    const code = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'dist', 'web', 'worker.js'));
    return (listener) => start(code, listener);
  },
  localPath: () => null,
  fileBehind: (uri) => Promise.resolve(uri),
};

function start(code: Uint8Array, listener: WorkerListener): AnalysisWorker {
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const terminate = (): void => {
    worker.onmessage = null;
    worker.onerror = null;
    worker.terminate();
    URL.revokeObjectURL(address);
  };
  worker.onmessage = (event) => listener.message(event.data);
  worker.onerror = (event) => {
    terminate();
    listener.crashed(event.message ?? 'unknown error');
  };
  return { post: (message, transfer) => worker.postMessage(message, transfer), terminate };
}
