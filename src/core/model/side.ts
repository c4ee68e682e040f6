import { type Message, message } from './message';
import type { Side } from './segment';

/** What the ends of a connection are called. */
export const SIDE_NAMES: Readonly<Record<Side, Message>> = { client: message('client'), server: message('server') };

export const otherSide = (side: Side): Side => (side === 'client' ? 'server' : 'client');
