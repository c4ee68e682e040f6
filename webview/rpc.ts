import type { Answer, ToHost, TraceQueries, TraceQuery } from '../src/protocol';

/** Asks the host about the trace; every question gets one answer or one error. */
export class TraceClient {
  private nextId = 1;
  private readonly waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();

  constructor(private readonly post: (request: ToHost) => void) {}

  query<Q extends TraceQuery>(query: Q, params: TraceQueries[Q]['params']): Promise<TraceQueries[Q]['result']> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.post({ type: 'query', id, query, params });
    });
  }

  answer(answer: Answer): void {
    const asked = this.waiting.get(answer.id);
    if (asked === undefined) return;
    this.waiting.delete(answer.id);
    if (answer.ok) asked.resolve(answer.result as never);
    else asked.reject(new Error(answer.error));
  }

  /** Fails everything that is still waiting: the trace it asked about is gone. */
  abandon(): void {
    for (const { reject } of this.waiting.values()) reject(new Error('the trace was reloaded'));
    this.waiting.clear();
  }
}
