import type { Trace } from '../../core/analyze';
import type { Arguments } from '../arguments';
import type { Output } from '../output';
import { connections } from './connections';
import { diagnose } from './diagnose';
import { diagram } from './diagram';
import { exportCommand } from './export';
import { info } from './info';
import { segments } from './segments';

export interface Command {
  /** Whether what it prints depends on TCP checksums; if not, they are not verified, and most payload is never read. */
  readonly tellsChecksums: boolean;
  run(trace: Trace, args: Arguments, output: Output): void;
}

/** Every command of the command line. */
export const COMMANDS = { info, connections, segments, diagnose, diagram, export: exportCommand } satisfies Record<
  string,
  Command
>;

export type CommandName = keyof typeof COMMANDS;
