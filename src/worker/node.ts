import { parentPort } from 'node:worker_threads';
import { fileSource } from './file-source';
import { openInput } from './input';
import { createSession } from './session';

const port = parentPort;
if (port === null) throw new Error('this is a worker');

const receive = createSession({
  open: (input, options) => openInput(input, options, fileSource),
  send: (reply) => port.postMessage(reply),
  defer: setImmediate,
  now: () => performance.now(),
});
port.on('message', receive);
