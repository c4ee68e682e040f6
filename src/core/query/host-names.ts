import { inert } from '../format/text';
import { message } from '../model/message';
import type { Field, Layer } from '../model/packet';

/** A name in the DNS has at most 253 characters (RFC 1035 §2.3.4: 255 octets as it is sent). */
const MAX_NAME = 253;

const ADDRESSES = new Set(['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst']);

/** Names that a capture carries for addresses. Nothing is ever looked up: what was resolved when it was captured counts. */
export class HostNames {
  private readonly names = new Map<string, string>();

  /** The first name that is given for an address stays, as further ones are its aliases. */
  add(address: string, name: string): void {
    if (name !== '' && name.length <= MAX_NAME && !this.names.has(address)) this.names.set(address, inert(name));
  }

  of(address: string): string | undefined {
    return this.names.size === 0 ? undefined : this.names.get(address);
  }

  /** The same layers, with the names of IP addresses as what they mean. */
  explain(layers: readonly Layer[]): readonly Layer[] {
    if (this.names.size === 0) return layers;
    const named = (field: Field): Field => {
      const name = ADDRESSES.has(field.id) && field.meaning === undefined ? this.of(field.value) : undefined;
      return name === undefined ? field : { ...field, meaning: message('{0}', name) };
    };
    return layers.map((layer) => ({ ...layer, fields: layer.fields.map(named) }));
  }
}
