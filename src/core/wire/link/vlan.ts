import { u16be } from '../../bytes/endian';
import type { Cursor } from '../cursor';
import { hexOf, setOrNot, type HeaderView } from '../header-view';
import { END, ETHERTYPE } from '../next';
import type { Protocol } from '../protocol';
import { afterLengthOrType, describeLengthOrType } from './ethernet';

function step(cursor: Cursor): number {
  if (!cursor.has(4)) return END;
  const { bytes, at } = cursor;
  cursor.vlan = u16be(bytes, at) & 0xfff;
  cursor.skip(4);
  return afterLengthOrType(cursor, u16be(bytes, at + 2));
}

function describe(view: HeaderView, prefix: string): string {
  view.bits(`${prefix}.priority`, 'Priority Code Point', 0, 3);
  view.bits(`${prefix}.dei`, 'Drop Eligible Indicator', 3, 1, setOrNot);
  view.bits(`${prefix}.id`, 'VLAN Identifier', 4, 12, String);
  describeLengthOrType(view, prefix, 2);
  return `VLAN ${view.u16(0) & 0xfff}`;
}

/** IEEE 802.1Q customer tag. */
export const vlan: Protocol = {
  id: 'vlan',
  place: 'link',
  name: '802.1Q Virtual LAN',
  claims: [ETHERTYPE + 0x8100, ETHERTYPE + 0x9100],
  step,
  describe: (view) => describe(view, 'vlan'),
};

/** IEEE 802.1ad service tag ("QinQ"). */
export const serviceVlan: Protocol = {
  id: 'ieee8021ad',
  place: 'link',
  name: '802.1ad Service VLAN',
  claims: [ETHERTYPE + 0x88a8],
  step,
  describe: (view) => describe(view, 'ieee8021ad'),
};

/** IEEE 802.1ah backbone service instance tag: the customer's addresses follow it ("MAC in MAC"). */
export const backboneTag: Protocol = {
  id: 'ieee8021ah',
  place: 'link',
  name: '802.1ah Provider Backbone Bridge',
  claims: [ETHERTYPE + 0x88e7],
  step(cursor) {
    if (!cursor.has(18)) return END;
    const { bytes, at } = cursor;
    cursor.skip(18);
    return afterLengthOrType(cursor, u16be(bytes, at + 16));
  },
  describe(view) {
    view.bits('ieee8021ah.priority', 'Priority Code Point', 0, 3);
    view.bits('ieee8021ah.drop', 'Drop Eligible Indicator', 3, 1, setOrNot);
    view.bits('ieee8021ah.nca', 'No Customer Addresses', 4, 1, setOrNot);
    view.bits('ieee8021ah.res1', 'Reserved', 5, 1, setOrNot);
    view.bits('ieee8021ah.res2', 'Reserved', 6, 2);
    view.bits('ieee8021ah.isid', 'Service Instance Identifier', 8, 24, hexOf(6));
    view.mac('ieee8021ah.cdst', 'Customer Destination', 4);
    view.mac('ieee8021ah.csrc', 'Customer Source', 10);
    describeLengthOrType(view, 'ieee8021ah', 16);
    return `I-SID ${view.u32(0) & 0xffffff}`;
  },
};
