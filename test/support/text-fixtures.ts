import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { inProject } from './command';

/** A text that a tool made of one of our captures. */
export interface TextFixture {
  /** Path of the capture in the project. */
  readonly capture: string;
  /** Name of the kind of text, such as `tcpdump-n`. */
  readonly kind: string;
  /** What made it, for people. */
  readonly command: string;
  readonly text: string;
}

export const TEXT_FIXTURES = 'test/fixtures/text/pairs.ndjson.gz';

export const textFixtures = (): TextFixture[] =>
  gunzipSync(readFileSync(inProject(TEXT_FIXTURES)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TextFixture);
