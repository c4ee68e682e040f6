/**
 * In place of a link type: records that are no packets, but that every tool numbers as if they were (pcapng custom
 * blocks, journal entries, system calls).
 */
export const NOT_A_PACKET = -1;

/** In place of a link type: packets of a link layer that has no LINKTYPE_ number, or of one that is not known. */
export const UNKNOWN_LINK_TYPE = -2;

/** In place of a link type: packets of a text trace that are described in words, without their bytes. */
export const TEXT_ONLY = -3;

/**
 * Link types that have no LINKTYPE_ number because pcap files have none of their frames, above all numbers that are given
 * to others: IP over InfiniBand without the addresses (snoop), ATM with Network Monitor's own header.
 */
export const BARE_IPOIB = 0xff00;
export const NETMON_ATM = 0xff01;

/** Where frames were captured: an interface of a pcapng section, or the only one of an older format. */
export interface CaptureInterface {
  /** LINKTYPE_ number of the frames (https://www.tcpdump.org/linktypes.html), or one of the constants above. */
  readonly linkType: number;
  /** Bytes of frame check sequence at each frame's end; 0 where there is none or it is unknown. */
  readonly fcsBytes: number;
  /** Name such as `eth0`, `null` where the format has none. */
  readonly name: string | null;
  readonly description: string | null;
  /** Longest part of a frame that was kept, in bytes; 0 is unlimited or unknown. */
  readonly snapLength: number;
  /** Packets that the capture itself lost here, as its statistics say; `null` where it does not say. */
  dropped: number | null;
  /** Packets carry no time here (pcapng Simple Packet Blocks, custom blocks): it reads as 0. */
  readonly untimed?: boolean;
}
