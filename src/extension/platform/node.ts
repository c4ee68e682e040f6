import { promises } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { Uri } from 'vscode';
import type { FromWorker } from '../../protocol';
import type { AnalysisWorker, Platform, WorkerListener } from './platform';

export const nodePlatform: Platform = {
  loadWorker(extensionUri) {
    const path = Uri.joinPath(extensionUri, 'dist', 'worker.js').fsPath;
    return Promise.resolve((listener) => start(path, listener));
  },
  localPath: (uri) => (uri.scheme === 'file' ? uri.fsPath : null),
  async fileBehind(uri) {
    if (uri.scheme !== 'file') return uri;
    try {
      return (await promises.lstat(uri.fsPath)).isSymbolicLink() ? Uri.file(await promises.realpath(uri.fsPath)) : uri;
    } catch {
      return null;
    }
  },
};

function start(path: string, listener: WorkerListener): AnalysisWorker {
  // Whoever debugs the extension host does not want every worker to wait for the same inspector port.
  const execArgv = process.execArgv.filter((arg) => !arg.startsWith('--inspect'));
  const worker = new Worker(path, { execArgv });
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
}
