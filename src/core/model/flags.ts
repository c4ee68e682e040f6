/** Control bits of the TCP header (RFC 9293 §3.1, RFC 3168, RFC 7560/AccECN for AE), as the twelve bits from the wire. */
export const FIN = 0x001;
export const SYN = 0x002;
export const RST = 0x004;
export const PSH = 0x008;
export const ACK = 0x010;
export const URG = 0x020;
export const ECE = 0x040;
export const CWR = 0x080;
/** AE (accurate ECN), formerly NS. */
export const AE = 0x100;

/** The bits that are a counter, ACE, where both ends use Accurate ECN (RFC 9768 §3.2.1). */
export const ACE = AE | CWR | ECE;
const ACE_SHIFT = 6;

/** The counter in the flags of a segment, in [0, 7]. */
export const aceOf = (flags: number): number => (flags & ACE) >> ACE_SHIFT;

/** The flags that a counter in [0, 7] stands in. */
export const flagsOfAce = (ace: number): number => (ace << ACE_SHIFT) & ACE;

export type FlagName = 'FIN' | 'SYN' | 'RST' | 'PSH' | 'ACK' | 'URG' | 'ECE' | 'CWR' | 'AE';

/** Flag names, least significant bit first. */
export const FLAG_NAMES: readonly FlagName[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];

/** Names of the set bits, least significant bit first. */
export const flagNames = (flags: number): FlagName[] => FLAG_NAMES.filter((_, bit) => flags & (1 << bit));
