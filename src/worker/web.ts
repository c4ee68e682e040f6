import { openInput } from './input';
import { createSession } from './session';

// A timer would wait for 4 ms after a few turns (HTML §8.6, nesting level); a message to oneself waits for nothing but
// the messages before it.
const turns = new MessageChannel();
const deferred: (() => void)[] = [];
turns.port1.onmessage = () => deferred.shift()?.();

const receive = createSession({
  open: (input, options) =>
    openInput(input, options, () => {
      throw new Error('files cannot be read by path here');
    }),
  send: (reply) => postMessage(reply),
  defer(work) {
    deferred.push(work);
    turns.port2.postMessage(null);
  },
  now: () => performance.now(),
});
addEventListener('message', (event: MessageEvent<unknown>) => receive(event.data));
