/** A stretch of what a frame has behind its payload, `[start, end)` in the frame's bytes. */
export interface TrailerPart {
  /** Wireshark's name of the field, where it has one. */
  readonly id: 'eth.padding' | 'eth.trailer' | 'eth.fcs' | 'trailer' | 'fcs' | 'wlan.fcs';
  /** English name, a key of the translation. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface FrameEnd {
  readonly bytes: Uint8Array;
  /** First byte behind the payload. */
  readonly start: number;
  /** End of the frame, as far as it was captured. */
  readonly end: number;
  readonly isCut: boolean;
  /** Length of the frame check sequence as the capture declares it; 0 where it declares none. */
  readonly fcsBytes: number;
  /** First byte of the Ethernet frame (its destination address); -1 where the link is none. */
  readonly ethernetAt: number;
  /** First byte of the 802.11 frame; -1 where the link is none. */
  readonly wlanAt: number;
}

/** Shortest Ethernet frame without its frame check sequence (IEEE 802.3 §4.2.3.3). */
const MIN_FRAME_BYTES = 60;
/** The same in Ethernet and in 802.11 (IEEE 802.11 §9.2.4.8). */
const FCS_BYTES = 4;

/**
 * What a frame has behind its payload, in order and without gaps: the zeros that fill an Ethernet frame up, what some
 * devices add, and the frame check sequence where the capture declares one, or where the last four bytes of an Ethernet
 * or 802.11 frame are the right one.
 */
export function trailerParts({ bytes, start, end, isCut, fcsBytes, ethernetAt, wlanAt }: FrameEnd): TrailerPart[] {
  const isEthernet = ethernetAt >= 0;
  const isWlan = wlanAt >= 0;
  const frameAt = isEthernet ? ethernetAt : wlanAt;
  const isProven = frameAt >= 0 && end - start >= FCS_BYTES && hasGoodCheckSequence(bytes, frameAt, end);
  const check = isCut ? 0 : fcsBytes > 0 ? fcsBytes : isProven ? FCS_BYTES : 0;
  const checkStart = Math.max(start, end - check);
  const filled = ethernetAt + MIN_FRAME_BYTES;
  const isPadded = isEthernet && filled <= checkStart && bytes.subarray(start, filled).every((byte) => byte === 0);
  const paddingEnd = isPadded ? Math.max(start, filled) : start;
  const parts: TrailerPart[] = [
    { id: 'eth.padding', name: 'Padding', start, end: paddingEnd },
    { id: isEthernet ? 'eth.trailer' : 'trailer', name: 'Trailer', start: paddingEnd, end: checkStart },
    { id: isEthernet ? 'eth.fcs' : isWlan ? 'wlan.fcs' : 'fcs', name: 'Frame Check Sequence', start: checkStart, end },
  ];
  return parts.filter((part) => part.end > part.start);
}

/** Whether the last four bytes are the CRC-32 of those before them (IEEE 802.3 §3.2.9). */
export function hasGoodCheckSequence(bytes: Uint8Array, start: number, end: number): boolean {
  let crc = -1;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return crc === ~0x2144df1c;
}
