import { bsdLoopback } from './link/bsd-loopback';
import { ethernet } from './link/ethernet';
import { linuxCooked, linuxCooked2 } from './link/linux-cooked';
import { backboneTag, serviceVlan, vlan } from './link/vlan';
import { ipv4 } from './network/ipv4';
import { ipv6 } from './network/ipv6';
import {
  authentication,
  destinationOptions,
  fragment,
  hopByHop,
  hostIdentity,
  mobility,
  routing,
  shim6,
} from './network/ipv6-extensions';
import { CODES } from './next';
import type { Protocol } from './protocol';
import { tcp } from './transport/tcp';

/** Every link type and protocol that is decoded. */
export const PROTOCOLS: readonly Protocol[] = [
  tcp,
  ipv4,
  ipv6,
  hopByHop,
  destinationOptions,
  routing,
  fragment,
  mobility,
  hostIdentity,
  shim6,
  authentication,
  ethernet,
  vlan,
  serviceVlan,
  backboneTag,
  linuxCooked,
  linuxCooked2,
  bsdLoopback,
];

/** For each code of `next.ts` the protocol that answers to it, as its index in {@link PROTOCOLS} plus 1; 0 for none. */
export const ANSWERS: Uint8Array = (() => {
  const table = new Uint8Array(CODES);
  PROTOCOLS.forEach((protocol, index) => {
    for (const code of protocol.claims) table[code] = index + 1;
  });
  return table;
})();

/** Whether frames of that LINKTYPE_ number are decoded. */
export const isSupported = (linkType: number): boolean =>
  linkType >= 0 && linkType < 0x10000 && ANSWERS[linkType] !== 0;
