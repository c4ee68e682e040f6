import { parentPort } from 'node:worker_threads';
import { Trace } from '../core/analyze';
import { bytesSource } from '../core/bytes/source';
import { fileSource } from './file-source';
import { createSession } from './session';

const port = parentPort;
if (port === null) throw new Error('this is a worker');

const receive = createSession({
  open: (input, options) =>
    Trace.open(input.kind === 'file' ? fileSource(input.path) : bytesSource(input.bytes), options),
  send: (reply) => port.postMessage(reply),
  defer: setImmediate,
  now: () => performance.now(),
});
port.on('message', receive);
