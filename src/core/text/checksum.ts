import { BAD, GOOD, IPV4, PARTIAL, type SegmentFacts } from '../model/facts';

const IP_PROTOCOL_TCP = 6;

/**
 * The verdict of a checksum field that the text calls right or wrong. A wrong one that is the bare sum of the
 * pseudo-header was left for the network card to complete (RFC 9293 §3.1); told for IPv4, where the addresses are at hand.
 * @param tcpBytes header and payload, where the text gives it apart from them; else -1
 */
export function takeChecksum(facts: SegmentFacts, field: number, isCorrect: boolean, tcpBytes = -1): void {
  facts.checksum = isCorrect ? GOOD : BAD;
  if (isCorrect || facts.family !== IPV4) return;
  const { source, destination } = facts;
  const length = tcpBytes >= 0 ? tcpBytes : facts.headerBytes + facts.payloadBytes;
  const addresses = (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  const withoutLength = addresses + IP_PROTOCOL_TCP;
  if (field === fold(withoutLength + length) || field === fold(withoutLength)) facts.checksum = PARTIAL;
}

function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
