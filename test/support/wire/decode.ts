import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AddressTable } from '../../../src/core/model/addresses';
import {
  BAD_DATA_OFFSET,
  CHECKSUM_VERDICTS,
  HEADER_CUT,
  LENGTH_UNKNOWN,
  type SegmentFacts,
} from '../../../src/core/model/facts';
import { flagNames } from '../../../src/core/model/flags';
import { describePacket, type PacketDescription } from '../../../src/core/wire/describe';
import { createFrameDecoder } from '../../../src/core/wire/frame-decoder';
import { hexText } from '../../../src/core/wire/header-view';

/** A segment as tests write it; what is not there is `undefined`. */
export interface FoundSegment {
  /** Quoted in an ICMP error. */
  readonly quoted?: boolean;
  /** Address, space, port. */
  readonly source: string;
  readonly destination: string;
  readonly seq?: number;
  readonly ack?: number;
  readonly len?: number;
  readonly flags?: string;
  readonly window?: number;
  readonly checksum: string;
  readonly options?: string;
}

export interface FixtureFrame {
  readonly protocols: string;
  readonly hex: string;
  readonly original?: number;
  readonly seconds?: number;
  readonly segments?: readonly FoundSegment[];
}

export interface FixtureGroup {
  readonly name: string;
  readonly linkType: number;
  readonly fcsBytes?: number;
  readonly frames: readonly FixtureFrame[];
}

/** Groups of frames that belong together, with what a reference says about them. */
const groupsIn = (file: string): FixtureGroup[] =>
  JSON.parse(readFileSync(path.resolve(__dirname, '../../fixtures/wire', file), 'utf8')) as FixtureGroup[];

/** All of them: what tshark says, and tcpdump where tshark knows nothing of the link type. */
export const fixtureGroups = (): FixtureGroup[] => [...groupsIn('frames.json'), ...groupsIn('tcpdump.json')];

/** A frame by its parts. */
export interface TestFrame {
  readonly linkType: number;
  readonly fcsBytes: number;
  readonly bytes: Uint8Array;
  readonly original: number;
  readonly seconds: number;
}

export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ''), 'hex'));

export const framesOf = (group: FixtureGroup): TestFrame[] =>
  group.frames.map(({ hex, original, seconds }) => {
    const bytes = fromHex(hex);
    return {
      linkType: group.linkType,
      fcsBytes: group.fcsBytes ?? 0,
      bytes,
      original: original ?? bytes.length,
      seconds: seconds ?? 1_700_000_000,
    };
  });

/** Bytes of other frames around each one, so that a decoder that reads past its frame is found out. */
const SURROUNDINGS = 64;

/** The segments of each frame, decoded one after the other by one decoder. */
export function decodeAll(frames: readonly TestFrame[]): FoundSegment[][] {
  const addresses = new AddressTable();
  let found: FoundSegment[] = [];
  const decoder = createFrameDecoder(addresses, {
    segment: (facts) => found.push(toText(facts, addresses)),
    icmpError: (facts) => found.push({ quoted: true, ...toText(facts, addresses) }),
  });
  return frames.map(({ linkType, fcsBytes, bytes, original, seconds }, frame) => {
    const window = new Uint8Array(bytes.length + 2 * SURROUNDINGS).fill(0xa5);
    window.set(bytes, SURROUNDINGS);
    found = [];
    decoder.decode(frame, linkType, fcsBytes, window, SURROUNDINGS, bytes.length, original, seconds);
    return found;
  });
}

/** The description of the last of some frames, given those before it whose fragments it may need. */
export function describeLast(frames: readonly TestFrame[]): PacketDescription {
  const all = frames.map(({ linkType, fcsBytes, bytes, original }) => ({
    linkType,
    fcsBytes,
    bytes,
    originalBytes: original,
  }));
  return describePacket({ ...all[all.length - 1]!, earlier: all.slice(0, -1) });
}

function toText(facts: SegmentFacts, addresses: AddressTable): FoundSegment {
  const { defects, headerCaptured, payloadAt, headerBytes } = facts;
  const isCut = (defects & HEADER_CUT) !== 0;
  const isBogus = (defects & (HEADER_CUT | BAD_DATA_OFFSET)) !== 0;
  const verdict = CHECKSUM_VERDICTS[facts.checksum]!;
  const start = payloadAt - headerBytes;
  const options = isBogus ? '' : hexText(facts.bytes, start + 20, start + headerCaptured);
  return {
    source: `${addresses.text(facts.family, facts.source)} ${facts.sourcePort}`,
    destination: `${addresses.text(facts.family, facts.destination)} ${facts.destinationPort}`,
    ...(!isCut && { seq: facts.seq >>> 0 }),
    ...(!isBogus && { ack: facts.ack >>> 0 }),
    ...(!(defects & LENGTH_UNKNOWN) && { len: facts.payloadBytes }),
    ...(!isBogus && { flags: flagText(facts.flags), window: facts.window }),
    // tshark has no word for a checksum that is left to the network card.
    checksum: verdict === 'partial' ? 'bad' : verdict,
    ...(options !== '' && { options }),
  };
}

/** As the reference has them, least significant bit first. */
const flagText = (flags: number): string => [...flagNames(flags & 0x1ff), ...(flags & 0xe00 ? ['RSV'] : [])].join(',');
