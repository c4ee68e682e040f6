import type { Endpoint } from '../model/segment';

/** `10.1.0.2:51234`, and `[2001:db8::1]:443` where the address itself has colons (RFC 5952 §6). */
export const endpointText = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** The same by its name, where one is known and room is short: `www.example.com:443`. */
export const endpointLabel = (endpoint: Endpoint): string =>
  endpoint.name === undefined ? endpointText(endpoint) : `${endpoint.name}:${endpoint.port}`;

/** Name and address, where both are known: `www.example.com (192.0.2.1):443`. */
export const endpointInFull = (endpoint: Endpoint): string =>
  endpoint.name === undefined ? endpointText(endpoint) : `${endpoint.name} (${endpoint.address}):${endpoint.port}`;
