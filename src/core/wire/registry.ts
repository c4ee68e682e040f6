import { arcnet, arcnetLinux } from './link/arcnet';
import { aal5, classicalIp, lane, netmonAtm, sunAtm } from './link/atm';
import { ax25, ax25Kiss, bpq } from './link/ax25';
import { bsdLoopback } from './link/bsd-loopback';
import { elektrobit, netAnalyzer, netAnalyzerTransparent, redback, sita, symantec } from './link/capture-devices';
import { exportedPdu, vppDispatch } from './link/capture-software';
import { endace, perPacketInformation, pktap } from './link/capture-headers';
import { ciscoHdlc, ciscoHdlcWithDirection } from './link/cisco-hdlc';
import { genericFraming } from './link/gfp';
import { gprsLlc, sndcp } from './link/gprs';
import { interSwitchLink } from './link/isl';
import { ethernet } from './link/ethernet';
import { eTag, fabricPath, hsr, macSec, redundancyTag, trill, vnTag } from './link/ethernet-tags';
import { docsis, xra } from './link/docsis';
import {
  bareIpOverInfiniBand,
  epon,
  firewire,
  ipOverFibreChannel,
  ipOverInfiniBand,
  mPacket,
} from './link/ethernet-variants';
import { fddi } from './link/fddi';
import { fibreChannel, fibreChannelDelimited, fibreChannelOverEthernet } from './link/fibre-channel';
import { frameRelay, frameRelayWithDirection, multilinkFrameRelay } from './link/frame-relay';
import { ipnet, openBsdEncapsulation, pfLog } from './link/ip-devices';
import {
  juniperAtm1,
  juniperAtm2,
  juniperCiscoHdlc,
  juniperEthernet,
  juniperFrameRelay,
  juniperGgsn,
  juniperMlfr,
  juniperMlppp,
  juniperMonitor,
  juniperPpp,
  juniperPppoe,
  juniperPppoeAtm,
  juniperServices,
  juniperTunnel,
  juniperVirtualNetwork,
  juniperVoice,
} from './link/juniper';
import { linuxCooked, linuxCooked2 } from './link/linux-cooked';
import { llc, snap } from './link/llc';
import { mpls } from './link/mpls';
import { netfilterLog, netlink, netlinkMessage } from './link/netfilter-log';
import {
  multilink,
  ppp,
  pppHdlc,
  pppoeSession,
  pppOfPppd,
  pppWithDirection,
  vanJacobsonUncompressed,
} from './link/ppp';
import { osi } from './link/osi';
import { raw } from './link/raw';
import { slip } from './link/slip';
import { broadcomTag, broadcomTagBefore, marvellEtherTypeTag, marvellTag } from './link/switch-tags';
import { tokenRing } from './link/token-ring';
import { backboneTag, serviceVlan, vlan } from './link/vlan';
import { amsdu, wlan } from './link/wlan';
import { avs, plainWlan, prism, radiotap } from './link/wlan-radio';
import { icmp, icmpv6 } from './network/icmp';
import { ipv4 } from './network/ipv4';
import { ipv6 } from './network/ipv6';
import { authentication, destinationOptions, fragment, hopByHop, routing, shim6 } from './network/ipv6-extensions';
import { CODES } from './next';
import type { Protocol } from './protocol';
import { tcp } from './transport/tcp';
import { udp } from './transport/udp';
import { ayiya } from './tunnel/ayiya';
import { capwap } from './tunnel/capwap';
import { erspan } from './tunnel/erspan';
import { etherIp } from './tunnel/etherip';
import { geneve } from './tunnel/geneve';
import { gre } from './tunnel/gre';
import { gtp } from './tunnel/gtp';
import { l2tp } from './tunnel/l2tp';
import { jmirror } from './tunnel/jmirror';
import { lisp } from './tunnel/lisp';
import { nsh } from './tunnel/nsh';
import { pim } from './tunnel/pim';
import { sflow, sflowSample } from './tunnel/sflow';
import { teredo } from './tunnel/teredo';
import { tzsp } from './tunnel/tzsp';
import { vxlan, vxlanGpe } from './tunnel/vxlan';

/** Every link type and protocol that is decoded. */
export const PROTOCOLS: readonly Protocol[] = [
  // Transport and network
  tcp,
  udp,
  ipv4,
  ipv6,
  hopByHop,
  destinationOptions,
  routing,
  fragment,
  shim6,
  authentication,
  icmp,
  icmpv6,
  // Links
  ethernet,
  interSwitchLink,
  vlan,
  serviceVlan,
  backboneTag,
  eTag,
  vnTag,
  hsr,
  redundancyTag,
  broadcomTag,
  broadcomTagBefore,
  marvellTag,
  marvellEtherTypeTag,
  macSec,
  trill,
  fabricPath,
  mPacket,
  epon,
  firewire,
  ipOverFibreChannel,
  ipOverInfiniBand,
  bareIpOverInfiniBand,
  llc,
  snap,
  osi,
  mpls,
  linuxCooked,
  linuxCooked2,
  genericFraming,
  docsis,
  fibreChannel,
  fibreChannelDelimited,
  fibreChannelOverEthernet,
  gprsLlc,
  sndcp,
  ax25,
  ax25Kiss,
  bpq,
  classicalIp,
  sunAtm,
  lane,
  aal5,
  netmonAtm,
  bsdLoopback,
  raw,
  slip,
  pppHdlc,
  ppp,
  pppWithDirection,
  pppOfPppd,
  pppoeSession,
  multilink,
  vanJacobsonUncompressed,
  ciscoHdlc,
  ciscoHdlcWithDirection,
  frameRelay,
  frameRelayWithDirection,
  multilinkFrameRelay,
  fddi,
  tokenRing,
  arcnet,
  arcnetLinux,
  plainWlan,
  radiotap,
  prism,
  avs,
  wlan,
  amsdu,
  netfilterLog,
  netlink,
  netlinkMessage,
  symantec,
  redback,
  netAnalyzer,
  netAnalyzerTransparent,
  elektrobit,
  sita,
  exportedPdu,
  vppDispatch,
  xra,
  pfLog,
  openBsdEncapsulation,
  ipnet,
  perPacketInformation,
  pktap,
  endace,
  juniperPppoe,
  juniperEthernet,
  juniperPpp,
  juniperFrameRelay,
  juniperCiscoHdlc,
  juniperVoice,
  juniperPppoeAtm,
  juniperMonitor,
  juniperServices,
  juniperGgsn,
  juniperMlppp,
  juniperMlfr,
  juniperAtm1,
  juniperAtm2,
  juniperTunnel,
  juniperVirtualNetwork,
  // Tunnels
  gre,
  erspan,
  etherIp,
  vxlan,
  vxlanGpe,
  nsh,
  geneve,
  gtp,
  teredo,
  l2tp,
  lisp,
  jmirror,
  ayiya,
  sflow,
  sflowSample,
  pim,
  tzsp,
  capwap,
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
