import type { Memento, Uri } from 'vscode';
import type { Load } from '../../core/model/load';

/** Which packets of the file somebody wants to be loaded. */
export type ChosenPart = Omit<Load, 'maxPackets'> & {
  /** No more than the setting allows. */
  readonly limited: boolean;
};

export const ALL: ChosenPart = { from: 1, to: Infinity, only: '', limited: true };

const KEY = 'tcpTrace.chosenParts';

/**
 * Remembers of the files that are open which part of each is loaded, so that a window that is reloaded shows the same. The
 * window's end closes no editor; whoever closes one of a file for good forgets it here.
 */
export class ChosenParts {
  constructor(private readonly memento: Memento) {}

  of(uri: Uri): ChosenPart {
    return chosenPart(this.all()[keyOf(uri)]) ?? ALL;
  }

  remember(uri: Uri, part: ChosenPart): void {
    // JSON has no infinity.
    const to = part.to === Infinity ? null : part.to;
    void this.memento.update(KEY, { ...this.all(), [keyOf(uri)]: { ...part, to } });
  }

  forget(uri: Uri): void {
    const { [keyOf(uri)]: known, ...rest } = this.all();
    if (known !== undefined) void this.memento.update(KEY, rest);
  }

  private all(): Readonly<Record<string, unknown>> {
    const kept = this.memento.get<unknown>(KEY);
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  }
}

const keyOf = (uri: Uri): string => uri.with({ fragment: '' }).toString();

/** What another version of this may have kept, checked; `null` where it is none of a part. */
function chosenPart(kept: unknown): ChosenPart | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { from, to, only, limited } = kept as Record<keyof ChosenPart, unknown>;
  const last = to === null ? Infinity : to;
  if (!Number.isSafeInteger(from) || (from as number) < 1 || typeof last !== 'number' || !(last >= (from as number)))
    return null;
  if (typeof only !== 'string' || typeof limited !== 'boolean') return null;
  return { from: from as number, to: last, only, limited };
}
