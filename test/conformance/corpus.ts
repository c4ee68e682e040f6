import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inProject } from '../support/command';

/** A capture, and what the reference tool says about it (`.ndjson` or `.ndjson.gz`). */
export interface CorpusFile {
  readonly name: string;
  readonly capture: string;
  readonly reference: string;
}

/** Where the captures are that others made: not part of the project. */
export const CORPUS = process.env.TCP_TRACE_CORPUS ?? inProject('../shared/corpus');

/** Folders of captures, each with the folder of its references. */
const FOLDERS = [
  ['captures', 'reference'],
  ['derived', 'derived/reference'],
  ['synthetic', 'synthetic/reference'],
] as const;

/** Our own captures, which are always there. */
export const ownFiles = (): CorpusFile[] => {
  const folder = inProject('test/fixtures/tshark');
  return filesOf(folder, folder);
};

/** The corpus, folder by folder; empty where it is not found. */
export const corpusFiles = (): CorpusFile[] =>
  FOLDERS.flatMap(([captures, references]) => {
    const folder = path.join(CORPUS, captures);
    return existsSync(folder) ? filesOf(folder, path.join(CORPUS, references)) : [];
  });

function filesOf(captures: string, references: string): CorpusFile[] {
  return readdirSync(captures)
    .filter((name) => existsSync(path.join(references, `${name}.ndjson.gz`)))
    .map((name) => ({
      name,
      capture: path.join(captures, name),
      reference: path.join(references, `${name}.ndjson`),
    }));
}
