import type { ConnectionRow, Sparkline } from '../src/core/model/connection';
import { SPARKLINE_BINS } from './draw/sparkline';
import type { TraceClient } from './rpc';

/** Far more than a screen. */
const KEPT = 2000;
/** Who scrolls by does not look at them. */
const AFTER_MS = 120;
/** Requests under way at once: each walks one connection. */
const AT_ONCE = 2;

interface Kept {
  readonly segments: number;
  readonly data: Sparkline | null;
}

/** The sparklines of connections on screen, asked for when the table has come to rest. */
export class Sparklines {
  private readonly kept = new Map<number, Kept>();
  private wanted: readonly ConnectionRow[] = [];
  private running = 0;
  private timer = 0;

  /** @param arrived some of what is on screen has come */
  constructor(
    private readonly client: TraceClient,
    private readonly arrived: () => void,
  ) {}

  /** `null` while it is not here; one of a connection that has grown since is shown until the new one comes. */
  get(row: ConnectionRow): Sparkline | null {
    return this.kept.get(row.connection)?.data ?? null;
  }

  /** These rows are on screen. */
  want(rows: readonly ConnectionRow[]): void {
    this.wanted = rows;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.ask(), AFTER_MS);
  }

  dispose(): void {
    window.clearTimeout(this.timer);
    this.wanted = [];
  }

  private ask(): void {
    while (this.running < AT_ONCE) {
      const next = this.wanted.find(
        ({ connection, segments, payloadBytes }) =>
          payloadBytes.client + payloadBytes.server > 0 && this.kept.get(connection)?.segments !== segments,
      );
      if (next === undefined) return;
      void this.load(next);
    }
  }

  private async load({ connection, segments }: ConnectionRow): Promise<void> {
    this.running++;
    // Marked as here at once, so that it is not asked for twice.
    const before = this.kept.get(connection)?.data ?? null;
    this.keep(connection, { segments, data: before });
    const data = await this.client.query('sparkline', { connection, bins: SPARKLINE_BINS }).catch(() => null);
    this.running--;
    this.keep(connection, { segments, data: data ?? before });
    this.arrived();
    this.ask();
  }

  private keep(connection: number, kept: Kept): void {
    this.kept.delete(connection);
    this.kept.set(connection, kept);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value!);
  }
}
