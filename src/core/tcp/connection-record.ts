import { ENDPOINT_WORDS } from './endpoint';
import { HANDSHAKE_WORDS, MEMORY_WORDS } from './memory';

/** Layout of what is known of a connection, in words: endpoints A and B, what is remembered of each one's flow, and of the handshake. */
export const MEMORY_AT = 2 * ENDPOINT_WORDS;
export const HANDSHAKE_AT = 2 * (ENDPOINT_WORDS + MEMORY_WORDS);
export const RECORD_WORDS = HANDSHAKE_AT + HANDSHAKE_WORDS;
