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

export type FlagName = 'FIN' | 'SYN' | 'RST' | 'PSH' | 'ACK' | 'URG' | 'ECE' | 'CWR' | 'AE';

/** Flag names, least significant bit first. */
export const FLAG_NAMES: readonly FlagName[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];

/** Names of the set bits, least significant bit first. */
export const flagNames = (flags: number): FlagName[] => FLAG_NAMES.filter((_, bit) => flags & (1 << bit));
