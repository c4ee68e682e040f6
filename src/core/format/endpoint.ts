import type { Endpoint } from '../model/segment';

/** `10.1.0.2:51234`, and `[2001:db8::1]:443` where the address itself has colons (RFC 5952 §6). */
export const endpointText = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
