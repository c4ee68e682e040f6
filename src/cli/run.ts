import { version } from '../../package.json';
import { ReadError } from '../core/bytes/source';
import { inert } from '../core/format/text';
import { type Arguments, parseArguments, USAGE } from './arguments';
import { COMMANDS } from './commands/registry';
import { CannotWrite, createOutput } from './output';
import { BadInput, readTrace } from './trace';
import { UsageError } from './usage-error';

export const EXIT_OK = 0;
export const EXIT_USAGE = 1;
/** The file cannot be read or is damaged, and what could be read has been printed; or it cannot be printed. */
export const EXIT_BAD_INPUT = 2;

/** Runs the command line and returns its exit code. Whatever goes wrong is one line on standard error. */
export function run(argv: readonly string[]): number {
  let args: Arguments | null = null;
  try {
    args = parseArguments(argv);
    if (args.about !== null) {
      process.stdout.write(args.about === 'help' ? USAGE : `tcp-trace ${version}\n`);
      return EXIT_OK;
    }
    const command = COMMANDS[args.command];
    const { trace, damage } = readTrace(args.file, args.load, command.tellsChecksums);
    const output = createOutput();
    command.run(trace, args, output);
    output.end();
    if (damage === null) return EXIT_OK;
    complain(`${args.file}: ${damage}`);
    return EXIT_BAD_INPUT;
  } catch (error) {
    if (error instanceof UsageError) {
      complain(error.message);
      process.stderr.write(`\n${USAGE}`);
      return EXIT_USAGE;
    }
    if (error instanceof ReadError && args !== null) {
      complain(`${args.file}: cannot be read any more: ${error.message}`);
      return EXIT_BAD_INPUT;
    }
    if (error instanceof BadInput || error instanceof CannotWrite) {
      complain(error.message);
      return EXIT_BAD_INPUT;
    }
    throw error;
  }
}

/** One line, also where a file has a line break or what a terminal obeys in its name. */
function complain(sentence: string): void {
  process.stderr.write(`tcp-trace: ${inert(sentence)}\n`);
}
