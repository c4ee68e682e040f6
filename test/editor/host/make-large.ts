import { writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { KINDS, makeCapture } from '../../bench/traffic';
import { longTrace } from '../../support/text-traces';

/** A large file to make: `kind` of the benchmark, or a text. */
export interface LargeFile {
  readonly file: string;
  readonly kind: 'bulk' | 'text';
  readonly mib: number;
}

// Made in a thread of its own: what it leaves to be collected must not hold up the extension host that is measured.
const { file, kind, mib } = workerData as LargeFile;
if (kind === 'text') writeFileSync(file, longTrace(mib));
else
  makeCapture(
    file,
    KINDS.find(({ name }) => name === kind)!,
    mib / 1024,
  );
