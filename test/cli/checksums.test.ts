import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseArguments } from '../../src/cli/arguments';
import { COMMANDS, type CommandName } from '../../src/cli/commands/registry';
import { Trace } from '../../src/core/analyze';
import { bytesSource } from '../../src/core/bytes/source';
import { captureFiles, sampleFile, SAMPLES } from '../support/traces';

function printed(name: CommandName, file: string, verifyChecksums: boolean): string[] {
  const options = { decompressionLimit: 1 << 30, verifyChecksums };
  const trace = Trace.open(bytesSource(readFileSync(file)), options);
  while (trace.step());
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), bytes: () => assert.fail(), end: () => undefined };
  COMMANDS[name].run(trace, parseArguments([name, '--json', file]), output);
  return lines;
}

describe('What a command prints that says it tells no checksums', () => {
  const names = (Object.keys(COMMANDS) as CommandName[]).filter((name) => !COMMANDS[name].tellsChecksums);
  assert.ok(names.length > 0);
  for (const name of names)
    it(`${name}: is the same when they have been verified`, () => {
      for (const file of captureFiles().filter((one) => one.startsWith(SAMPLES)))
        assert.deepEqual(printed(name, file, false), printed(name, file, true), file);
    });
});

it('The rows of segments tell whether checksums have been verified', () => {
  const verdicts = (verifyChecksums: boolean): Set<unknown> => {
    const trace = Trace.open(bytesSource(readFileSync(sampleFile('start-here.pcapng'))), {
      decompressionLimit: 1 << 30,
      verifyChecksums,
    });
    while (trace.step());
    return new Set([...trace.allSegments()].map(({ checksum }) => checksum));
  };
  assert.deepEqual([...verdicts(false)], ['unverified']);
  assert.ok(verdicts(true).has('good'));
});
