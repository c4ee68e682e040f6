import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inProject } from '../command';

/** A folder with a copy of the samples, which a test may change. */
export interface Workspace {
  readonly folder: string;
  remove(): void;
}

export function copySamples(): Workspace {
  const parent = realpathSync(mkdtempSync(path.join(tmpdir(), 'tcp-trace-')));
  const folder = path.join(parent, 'samples');
  cpSync(inProject('media/samples'), folder, { recursive: true });
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
