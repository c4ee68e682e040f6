/** Analyses a capture with or without verifying checksums, in a process of its own: `checksums|no-checksums FILE`. */
import { Trace } from '../../src/core/analyze';
import { fileSource } from '../../src/worker/file-source';

const [what, file] = process.argv.slice(2);
const options = { decompressionLimit: Infinity, verifyChecksums: what === 'checksums' };
const trace = Trace.open(fileSource(file!), options);
while (trace.step());
