import type { ViewState } from '../src/protocol';
import type { Store } from './state';

/** Places that are remembered. */
const KEPT = 100;
/** A move of so few rows is the same place, as in VS Code's own history; a jump is another place however near. */
const NEAR_ROWS = 10;

/** Where the user has been, for back and forward. Walking moves the newest place; a jump leaves it and makes another. */
export class History {
  private places: ViewState[] = [];
  private at = -1;
  private jumping = false;
  private readonly unlisten: () => void;

  /** @param visit shows a place again */
  constructor(
    store: Store,
    private readonly visit: (place: ViewState) => void,
  ) {
    this.note(store.now);
    this.unlisten = store.listen((now, before) => {
      if (now.tab !== before.tab || now.connection !== before.connection || now.row !== before.row) this.note(now);
    });
  }

  /** The move that `move` makes is a jump: the place before it can be gone back to. */
  jump(move: () => void): void {
    this.jumping = true;
    move();
    this.jumping = false;
  }

  /** Goes back (-1) or forward (1); false where there is nothing to go to. */
  go(direction: 1 | -1): boolean {
    const place = this.places[this.at + direction];
    if (place === undefined) return false;
    this.at += direction;
    this.visit(place);
    return true;
  }

  dispose(): void {
    this.unlisten();
  }

  private note({ tab, connection, row }: ViewState): void {
    const place: ViewState = { tab, connection, row };
    const current = this.places[this.at];
    if (current !== undefined && (same(place, current) || (!this.jumping && isNear(place, current)))) {
      this.places[this.at] = place;
      return;
    }
    this.places = [...this.places.slice(Math.max(0, this.at + 2 - KEPT), this.at + 1), place];
    this.at = this.places.length - 1;
  }
}

const same = (a: ViewState, b: ViewState): boolean =>
  a.tab === b.tab && a.connection === b.connection && a.row === b.row;

/** Whoever walks through the table of connections has not been to each of them. */
function isNear(a: ViewState, b: ViewState): boolean {
  if (a.tab !== b.tab) return false;
  if (a.tab === 'connections') return true;
  if (a.connection !== b.connection) return b.connection === null;
  return a.row === null || b.row === null || Math.abs(a.row - b.row) <= NEAR_ROWS;
}
