import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { inProject } from '../support/command';
import { TEXT_FIXTURES, type TextFixture } from '../support/text-fixtures';
import { TEXT_KINDS } from './text-kinds';

/**
 * Makes `test/fixtures/text/pairs.ndjson.gz` anew: every kind of text of a few of our captures, by tcpdump and tshark,
 * which must be installed. `npx tsx test/conformance/make-text-fixtures.ts`
 */
const CAPTURES = [
  'test/fixtures/kernel/keep-alive.client.pcap',
  'test/fixtures/kernel/reordered.server.pcap',
  'test/fixtures/kernel/zero-window.client.pcap',
  'test/fixtures/kernel/time-wait-reused.client.pcap',
  'test/fixtures/kernel/simultaneous-close.client.pcap',
  'test/fixtures/kernel/fast-open.client.pcap',
];

/** Captures of which every kind is made; of the others only the most usual ones. */
const WHOLE = 2;

const folder = mkdtempSync(path.join(tmpdir(), 'text-fixtures-'));
const environment = { ...process.env, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
try {
  const fixtures: TextFixture[] = [];
  CAPTURES.forEach((capture, index) => {
    for (const { kind, program, args, usual } of TEXT_KINDS) {
      if (index >= WHOLE && !usual) continue;
      const text = execFileSync(program, ['-r', inProject(capture), ...args], {
        cwd: folder,
        env: environment,
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString('utf8');
      fixtures.push({ capture, kind, command: [program, ...args].join(' '), text });
    }
  });
  const content = fixtures.map((fixture) => JSON.stringify(fixture)).join('\n');
  writeFileSync(inProject(TEXT_FIXTURES), gzipSync(content, { level: 9 }));
} finally {
  rmSync(folder, { recursive: true });
}
