import { Trace } from '../core/analyze';
import { type ByteSource, bytesSource } from '../core/bytes/source';
import { EditedText } from '../core/text/edited-text';
import type { AnalysisOptions, TraceInput } from '../protocol';
import type { SessionInput } from './session';

/**
 * What a host has asked to be read.
 * @param file opens a file by its path
 */
export function openInput(
  input: TraceInput,
  options: AnalysisOptions,
  file: (path: string) => ByteSource,
): SessionInput {
  if (input.kind === 'text') {
    const text = new EditedText(input.bytes);
    return {
      read: () => Trace.open(text.source(), options, text.read()),
      edit: (edits) => text.edit(edits),
      finished: () => text.finished(),
    };
  }
  const source = input.kind === 'file' ? file(input.path) : bytesSource(input.bytes);
  return { read: () => Trace.open(source, options) };
}
