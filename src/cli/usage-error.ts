import type { Trace } from '../core/analyze';
import { amount } from './amount';

/** The command line cannot be understood, or asks for what is not there. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws {UsageError} where the trace has no such connection */
export function requireConnection(trace: Trace, command: string, connection: number): void {
  const { connections } = trace.summary();
  if (connection >= connections)
    throw new UsageError(
      `${command}: there is no connection ${connection}: the trace has ${amount(connections, 'connection')}, counted from 0`,
    );
}
