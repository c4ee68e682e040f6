import { ACK, PSH, SYN } from '../../src/core/model/flags';
import { block, bytes, END_OF_OPTIONS, enhancedPacket, interfaceBlock, option, section } from './capture-builders';
import { encodeFrame } from './tcp-frames';

const LINKTYPE_RAW = 101;
const COMMENT = 1;
const NAME_RESOLUTION = 4;
const NAME_IPV4 = 1;

/** What {@link privateCapture} has that nobody else should read. */
export const SECRETS = /10\.0\.0\.[12]|alpha|hunter2|remark/;

/** A connection from 10.0.0.1 (alpha) to 10.0.0.2 that carries a password, with a comment on the packet that does. */
export function privateCapture(): Uint8Array {
  const said = {
    source: 0x0a000001,
    destination: 0x0a000002,
    sourcePort: 40000,
    destinationPort: 80,
    window: 1000,
  };
  const data = (seq: number): Uint8Array =>
    encodeFrame({ ...said, seq, ack: 1, flags: ACK | PSH, payload: Buffer.from('hunter2') });
  return bytes(
    section(),
    interfaceBlock({ linkType: LINKTYPE_RAW }),
    block(NAME_RESOLUTION, bytes(option(NAME_IPV4, bytes([10, 0, 0, 1], 'alpha\0')), END_OF_OPTIONS)),
    enhancedPacket(encodeFrame({ ...said, seq: 0, ack: 0, flags: SYN })),
    enhancedPacket(data(1)),
    enhancedPacket(data(8), { options: bytes(option(COMMENT, 'a remark about 10.0.0.2'), END_OF_OPTIONS) }),
  );
}
