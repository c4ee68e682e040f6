/**
 * What follows a header, as one integer: the number space that names it, and the number in that space. A protocol tells
 * which of these it answers to (`Protocol.claims`), another one what it carries; neither knows the other.
 */
export const END = -1;

const SPACE = 0x10000;

/** LINKTYPE_ number of the capture. */
export const linkType = (n: number): number => n;
/** EtherType, at least 0x0600. */
export const ETHERTYPE = 1 * SPACE;
/** IP protocol or IPv6 next header. */
export const IP_PROTOCOL = 2 * SPACE;
/** UDP port. */
export const UDP_PORT = 3 * SPACE;
/** PPP protocol (RFC 1661 §2). */
export const PPP_PROTOCOL = 4 * SPACE;
/** Destination service access point of IEEE 802.2. */
export const LLC_SAP = 5 * SPACE;
/** Address family of BSD loopback headers. */
export const BSD_FAMILY = 6 * SPACE;
/** Network layer protocol identifier (ISO/IEC TR 9577), as in Frame Relay. */
export const NLPID = 7 * SPACE;
/** ARPHRD_ number of Linux cooked captures, where it and not the protocol says what follows. */
export const ARP_HARDWARE = 8 * SPACE;
/** A header that is named by its place alone; numbers below. */
export const PLACE = 9 * SPACE;

/** Number of codes. */
export const CODES = 10 * SPACE;

/** Ethernet without preamble, from the destination address on. */
export const NEXT_ETHERNET = PLACE + 1;
/** IEEE 802.2 LLC. */
export const NEXT_LLC = PLACE + 2;
/** IP of whichever version its first four bits say. */
export const NEXT_IP = PLACE + 3;
/** PPP from its protocol field on (address and control are absent or optional). */
export const NEXT_PPP = PLACE + 4;
/** An MPLS label stack. */
export const NEXT_MPLS = PLACE + 5;
/** IEEE 802.11 from frame control on, without frame check sequence. */
export const NEXT_WLAN = PLACE + 6;
/** Subframes of an A-MSDU. */
export const NEXT_AMSDU = PLACE + 7;
/** IPv6, whatever its version field says. */
export const NEXT_IPV6 = PLACE + 8;
/** Frame Relay from its address field on. */
export const NEXT_FRAME_RELAY = PLACE + 9;
/** Cisco HDLC. */
export const NEXT_CISCO_HDLC = PLACE + 10;
/** TCP (in places where no IP protocol number names it). */
export const NEXT_TCP = IP_PROTOCOL + 6;
