import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { samplesOf } from '../../src/extension/commands/samples-list';

const FOLDER = resolve(__dirname, '../../media/samples');

describe('list of samples', () => {
  it('is read from the table in the README', () => {
    const readme = '# Samples\n\n| file | what | how |\n|---|---|---|\n| `a.pcap` | The *first* `SYN`. | by hand |\n';
    assert.deepEqual(samplesOf(readme), [{ file: 'a.pcap', lesson: 'The first SYN.' }]);
  });

  it('never leads out of the folder', () => {
    assert.deepEqual(samplesOf('| `../a.pcap` | x | y |\n| `b\\c.pcap` | x | y |'), []);
  });

  it('has every sample, and only those that exist', () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'README.md');
    const listed = samplesOf(readFileSync(resolve(FOLDER, 'README.md'), 'utf8')).map(({ file }) => file);
    assert.deepEqual([...listed].sort(), files.sort());
  });
});
