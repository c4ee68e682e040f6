import { type LoadFilter, loadFilter } from './filter/load-filter';
import { byteSize, count, percent } from './format/number';
import type { AddressTable } from './model/addresses';
import { type Load, type LoadedPart, PARTLY_LOADED } from './model/load';
import { message } from './model/message';
import type { Notice } from './model/notice';
import { PacketNumbers } from './tcp/packet-numbers';

/**
 * Decides packet by packet which of a trace are loaded, and says what was left out. Whoever reads asks {@link next} for
 * each packet of the file, and, where a filter decides, that too before {@link take}.
 */
export class Loading {
  readonly numbers: PacketNumbers;
  /** `null` where every packet in the range is taken. */
  readonly filter: LoadFilter | null;
  /** Why no more packets are to be read. */
  stopped: LoadedPart['stopped'] = null;
  /** Packets of the file so far. */
  read = 0;
  private taken = 0;
  private readonly from: number;

  constructor(
    readonly load: Load,
    addresses: AddressTable,
  ) {
    this.from = Math.max(1, load.from);
    this.filter = loadFilter(load.only, addresses);
    this.numbers = new PacketNumbers(this.from, this.filter !== null);
  }

  /** Whether the next packet of the file is in the range; sets {@link stopped} at the first behind it. */
  next(): boolean {
    if (this.stopped !== null) return false;
    if (this.read >= this.load.to) {
      this.stopped = 'range';
      return false;
    }
    this.read++;
    return this.read >= this.from;
  }

  /** Takes that packet, unless as many are loaded as may be: then sets {@link stopped}. */
  take(): boolean {
    if (this.taken >= this.load.maxPackets) {
      this.stopped = 'limit';
      this.read--;
      return false;
    }
    this.taken++;
    this.numbers.add(this.read);
    return true;
  }

  /** What is loaded; `null` where nothing was, and nothing will be left out by choice. */
  part(): LoadedPart | null {
    const { load, from, filter, stopped, taken, numbers, read } = this;
    if (from === 1 && load.to === Infinity && filter === null && stopped === null) return null;
    const [first, last] = taken === 0 ? [null, null] : [numbers.of(0), numbers.of(taken - 1)];
    return { load, first, last, read, stopped };
  }

  /** What was left out, once reading has ended after `bytesRead` bytes. */
  notices(bytesRead: number, bytesTotal: number): Notice[] {
    const { load, from, filter, taken, read, stopped } = this;
    const notices: Notice[] = [];
    if (stopped !== null) {
      const left = Math.max(0, bytesTotal - bytesRead);
      const about = bytesRead > 0 ? Math.round((left * read) / bytesRead) : 0;
      const rest = [byteSize(left), String(percent(left, bytesTotal)), count(about)] as const;
      notices.push(
        stopped === 'limit'
          ? partial(
              'warning',
              message(
                'Only {0} packets are loaded, which is the limit. What follows packet {1} was not read: {2} ({3} % of the file), some {4} packets.',
                count(taken),
                count(read),
                ...rest,
              ),
            )
          : partial(
              'info',
              message(
                'Only packets up to {0} were asked for. What follows was not read: {1} ({2} % of the file), some {3} packets.',
                count(load.to),
                ...rest,
              ),
            ),
      );
    }
    if (from > 1)
      notices.push(
        read < from
          ? partial(
              'warning',
              message(
                'No packet is loaded: the first that was asked for is {0}, and the file ends after {1}.',
                count(from),
                count(read),
              ),
            )
          : partial('info', message('Packets before packet {0} were left out.', count(from))),
      );
    if (filter !== null)
      notices.push(
        partial(
          taken === 0 ? 'warning' : 'info',
          message(
            '{0} of {1} packets are loaded: those that match {2}.',
            count(taken),
            count(Math.max(0, read - from + 1)),
            load.only,
          ),
        ),
      );
    return notices;
  }
}

const partial = (severity: Notice['severity'], text: Notice['message']): Notice => ({
  code: PARTLY_LOADED,
  severity,
  message: text,
});
