import { Worker } from 'node:worker_threads';
import { Uri } from 'vscode';
import type { FromWorker } from '../../protocol';
import type { Platform } from './platform';

export const nodePlatform: Platform = {
  startWorker(extensionUri, listener) {
    // Whoever debugs the extension host does not want every worker to wait for the same inspector port.
    const execArgv = process.execArgv.filter((arg) => !arg.startsWith('--inspect'));
    const worker = new Worker(Uri.joinPath(extensionUri, 'dist', 'worker.js').fsPath, { execArgv });
    let over = false;
    const crashed = (reason: string): void => {
      if (!over) listener.crashed(reason);
      over = true;
    };
    worker.on('message', (message: FromWorker) => listener.message(message));
    worker.on('error', (error) => crashed(error.message));
    worker.on('exit', (code) => crashed(`exit code ${code}`));
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      terminate() {
        over = true;
        void worker.terminate();
      },
    };
  },
  localPath: (uri) => (uri.scheme === 'file' ? uri.fsPath : null),
};
