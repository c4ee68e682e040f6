import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { samplesOf } from '../../src/extension/commands/samples-list';

const FOLDER = resolve(__dirname, '../../media/samples');

describe('list of samples', () => {
  it('is read from the tables in the README', () => {
    const readme = [
      '# Samples',
      '## Not a table',
      '## Opening',
      '| file | what | how |',
      '|---|---|---|',
      '| `a.pcap` | The *first* `SYN`. | by hand |',
      '## Scans',
      '| `b.pcap`, `c.pcap` | No flag at all. | `nmap` |',
    ];
    assert.deepEqual(samplesOf(readme.join('\n')), [
      { title: 'Opening', samples: [{ file: 'a.pcap', lesson: 'The first SYN.' }] },
      {
        title: 'Scans',
        samples: [
          { file: 'b.pcap', lesson: 'No flag at all.' },
          { file: 'c.pcap', lesson: 'No flag at all.' },
        ],
      },
    ]);
  });

  it('never leads out of the folder', () => {
    assert.deepEqual(samplesOf('## x\n| `../a.pcap` | x | y |\n| `b\\c.pcap` | x | y |'), []);
  });

  it('has every sample, and only those that exist', () => {
    const files = readdirSync(FOLDER).filter((file) => file !== 'README.md');
    const groups = samplesOf(readFileSync(resolve(FOLDER, 'README.md'), 'utf8'));
    const listed = groups.flatMap((group) => group.samples.map((sample) => sample.file));
    assert.deepEqual([...listed].sort(), files.sort());
  });
});
