import { version } from '../../package.json';
import { parseArguments, USAGE } from './arguments';
import { COMMANDS } from './commands/registry';
import { createOutput } from './output';
import { BadInput, readTrace } from './trace';
import { UsageError } from './usage-error';

export const EXIT_OK = 0;
export const EXIT_USAGE = 1;
/** The file cannot be read or is damaged; what could be read has been printed. */
export const EXIT_BAD_INPUT = 2;

/** Runs the command line and returns its exit code. Whatever goes wrong is one line on standard error. */
export function run(argv: readonly string[]): number {
  try {
    const args = parseArguments(argv);
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
    process.stderr.write(`tcp-trace: ${args.file}: ${damage}\n`);
    return EXIT_BAD_INPUT;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`tcp-trace: ${error.message}\n\n${USAGE}`);
      return EXIT_USAGE;
    }
    if (error instanceof BadInput) {
      process.stderr.write(`tcp-trace: ${error.message}\n`);
      return EXIT_BAD_INPUT;
    }
    throw error;
  }
}
