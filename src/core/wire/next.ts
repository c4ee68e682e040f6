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
/** Protocol type of a GRE header: mostly EtherTypes, but by no means all of them. */
export const GRE_PROTOCOL = 8 * SPACE;
/** Protocol of a Cisco HDLC header: some EtherTypes as well. */
export const CISCO_HDLC_PROTOCOL = 9 * SPACE;
/** Protocol identifier of AX.25. */
export const AX25_PID = 10 * SPACE;
/** A header that is named by its place alone; numbers below. */
export const PLACE = 11 * SPACE;

/** Number of codes. */
export const CODES = 12 * SPACE;

/** Ethernet without preamble, from the destination address on. */
export const NEXT_ETHERNET = PLACE + 1;
/** IEEE 802.2 LLC. */
export const NEXT_LLC = PLACE + 2;
/** IP of whichever version its first four bits say. */
export const NEXT_IP = PLACE + 3;
/** IPv6, whatever its version field says. */
export const NEXT_IPV6 = PLACE + 4;
/** PPP, with or without its address and control fields. */
export const NEXT_PPP = PLACE + 5;
/** PPP in HDLC-like framing, which on such links may also be Cisco HDLC. */
export const NEXT_PPP_HDLC = PLACE + 6;
/** An MPLS label stack. */
export const NEXT_MPLS = PLACE + 7;
/** IEEE 802.11 from frame control on; what belongs to the radio header has been taken off. */
export const NEXT_WLAN = PLACE + 8;
/** Subframes of an A-MSDU. */
export const NEXT_AMSDU = PLACE + 9;
/** Frame Relay from its address field on. */
export const NEXT_FRAME_RELAY = PLACE + 10;
/** Cisco HDLC from its address field on. */
export const NEXT_CISCO_HDLC = PLACE + 11;
/** A network service header. */
export const NEXT_NSH = PLACE + 12;
/** SNAP from its organization code on. */
export const NEXT_SNAP = PLACE + 13;
/** Cisco Inter-Switch Link, from its destination address on. */
export const NEXT_ISL = PLACE + 14;
/** A sample in an sFlow datagram. */
export const NEXT_SFLOW_SAMPLE = PLACE + 15;
/** OSI network layer, from its protocol identifier on. */
export const NEXT_OSI = PLACE + 16;
/** ATM LAN emulation. */
export const NEXT_LANE = PLACE + 17;
/** AX.25 from its addresses on. */
export const NEXT_AX25 = PLACE + 18;
/** A frame of AAL5 behind the header of its cells. */
export const NEXT_AAL5 = PLACE + 19;
/** DOCSIS from its frame control on. */
export const NEXT_DOCSIS = PLACE + 20;
/** Fibre Channel from its header on. */
export const NEXT_FIBRE_CHANNEL = PLACE + 21;
/** The convergence protocol of GPRS. */
export const NEXT_SNDCP = PLACE + 22;
/** A message of Linux's netlink. */
export const NEXT_NETLINK = PLACE + 23;
