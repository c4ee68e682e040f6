import type { AddressTable } from '../model/addresses';
import { BAD, GOOD, IPV4, IPV6, PARTIAL, type SegmentFacts } from '../model/facts';
import { ipv6Words } from './hosts';

const IP_PROTOCOL_TCP = 6;

/**
 * The verdict of a checksum field that the text calls right or wrong. A wrong one that is the bare sum of the
 * pseudo-header was left for the network card to complete (RFC 9293 §3.1, RFC 8200 §8.1); not told where names stand for
 * addresses.
 * @param tcpBytes header and payload, where the text gives it apart from them; else -1
 */
export function takeChecksum(
  facts: SegmentFacts,
  field: number,
  isCorrect: boolean,
  addresses: AddressTable,
  tcpBytes = -1,
): void {
  facts.checksum = isCorrect ? GOOD : BAD;
  if (isCorrect) return;
  const sum = sumOfAddresses(facts, addresses);
  if (sum < 0) return;
  const length = tcpBytes >= 0 ? tcpBytes : facts.headerBytes + facts.payloadBytes;
  const withoutLength = sum + IP_PROTOCOL_TCP;
  if (field === fold(withoutLength + length) || field === fold(withoutLength)) facts.checksum = PARTIAL;
}

/** Sum of both addresses in words of 16 bits; -1 where they are names. */
function sumOfAddresses({ family, source, destination }: SegmentFacts, addresses: AddressTable): number {
  if (family === IPV4) return (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  if (family !== IPV6) return -1;
  return [source, destination]
    .flatMap((address) => ipv6Words(addresses.text(IPV6, address)))
    .reduce((sum, word) => sum + word, 0);
}

function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
