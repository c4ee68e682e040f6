import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Trace } from '../../src/core/analyze';
import { bytesSource } from '../../src/core/bytes/source';
import type { Tracker } from '../../src/core/tcp/tracker';
import { corpusFiles, ownFiles } from '../conformance/corpus';
import { inProject } from './command';

export const SAMPLES = inProject('media/samples');

export const sampleFile = (name: string): string => path.join(SAMPLES, name);

/** Our samples, our fixtures, and the corpus where it is found. */
export const captureFiles = (): string[] => [
  ...readdirSync(SAMPLES)
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map(sampleFile),
  ...[...ownFiles(), ...corpusFiles()].map((file) => file.capture),
];

/** A trace that has been read to its end. */
export function readTrace(input: string | Uint8Array): Trace {
  const bytes = typeof input === 'string' ? readFileSync(input) : input;
  const trace = Trace.open(bytesSource(bytes), { decompressionLimit: 1 << 30 });
  while (trace.step());
  return trace;
}

/** The tracker in a trace, for tests that hold what is shown against it. */
export const trackerOf = (trace: Trace): Tracker => (trace as unknown as { readonly tracker: Tracker }).tracker;
