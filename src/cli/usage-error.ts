/** The command line cannot be understood, or asks for what is not there. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
