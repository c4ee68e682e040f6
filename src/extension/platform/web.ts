import { Uri } from 'vscode';
import type { FromWorker, ToWorker } from '../../protocol';
import type { Platform } from './platform';

/** The part of the web's Worker that is used here; the library of web types would lend the whole DOM to the extension. */
declare class Worker {
  constructor(address: string);
  onmessage: ((event: { data: FromWorker }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
  postMessage(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}

export const webPlatform: Platform = {
  startWorker(extensionUri, listener) {
    const worker = new Worker(Uri.joinPath(extensionUri, 'dist', 'web', 'worker.js').toString(true));
    worker.onmessage = (event) => listener.message(event.data);
    worker.onerror = (event) => {
      worker.onerror = null;
      worker.terminate();
      listener.crashed(event.message ?? 'unknown error');
    };
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate: () => worker.terminate(),
    };
  },
  localPath: () => null,
};
