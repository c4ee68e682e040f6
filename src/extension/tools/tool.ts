import type { TraceDocument } from '../editor/document';

/** A tool that a language model may call about a trace. One file and one line in the registry each. */
export interface TraceTool {
  /** As in package.json. */
  readonly id: string;
  /** What it is about to do, for the user. */
  readonly says: (input: ToolInput) => string;
  /** A small answer that cites packet numbers; payload, comments and names from the trace are not in it. */
  readonly answer: (trace: ToolTrace, input: ToolInput) => Promise<unknown>;
}

export interface ToolTrace {
  readonly document: TraceDocument;
  /** A link to a packet that the editor opens. */
  readonly link: (packet: number) => string;
}

/** What a model asks with, checked field by field: it may send anything. */
export class ToolInput {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(given: unknown) {
    this.fields = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  }

  /** @throws {Error} for the model, when it is no text */
  text(name: string): string | null {
    const value = this.fields[name];
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string' || value.length > MAX_TEXT) throw new Error(`${name} must be a text`);
    return value;
  }

  /** @throws {Error} for the model, when it is not there or no whole number from `least` on */
  number(name: string, least: number): number {
    const found = this.optional(name, least);
    if (found === null) throw new Error(`${name} is needed: a whole number from ${least} on`);
    return found;
  }

  /** @throws {Error} for the model, when it is there and no whole number from `least` on */
  optional(name: string, least: number): number | null {
    const value = this.fields[name];
    if (value === undefined || value === null) return null;
    if (!Number.isSafeInteger(value) || (value as number) < least)
      throw new Error(`${name} must be a whole number from ${least} on`);
    return value as number;
  }

  /** How many of a list are wanted: no more than a model should read at once. */
  limit(): number {
    return Math.min(this.optional('limit', 1) ?? DEFAULT_LIMIT, MAX_LIMIT);
  }
}

const MAX_TEXT = 1000;
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
