import type { Uri } from 'vscode';
import type { FromWorker, ToWorker } from '../../protocol';

/** A running analysis worker, whatever kind of thread it is. */
export interface AnalysisWorker {
  /** Buffers in `transfer` move to the worker instead of being copied. */
  post(message: ToWorker, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}

export interface WorkerListener {
  message(message: FromWorker): void;
  /** The worker ended by itself: a crash, or it ran out of memory. Said at most once; nothing comes after it. */
  crashed(reason: string): void;
}

export type StartWorker = (listener: WorkerListener) => AnalysisWorker;

/** What differs between a desktop's extension host and a browser's. */
export interface Platform {
  /** Gets the worker's code ready; what comes back starts any number of workers at once. */
  loadWorker(extensionUri: Uri): Promise<StartWorker>;
  /** Path by which the worker can read the file in ranges; `null` where only VS Code can read it. */
  localPath(uri: Uri): string | null;
  /** The file that a symbolic link leads to in the end, any other file itself; `null` where there is none. */
  fileBehind(uri: Uri): Promise<Uri | null>;
}
