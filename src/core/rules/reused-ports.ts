import { message } from '../model/message';
import { defineRule } from '../tcp/rule';

/** Found while the connection is looked up, before there is a memory to judge by: see the tracker. */
export const reusedPorts = defineRule({
  kind: 'reused-ports',
  level: 'info',
  cites: 'RFC 9293 §3.4.1',
  phase: 'acknowledgment',
  conditions: [
    {
      text: 'it opens with another initial sequence number than the last connection between these ports',
      holds: () => false,
      values: () => ({}),
    },
  ],
  text: () => message('The same addresses and ports as an earlier connection, with a new initial sequence number.'),
});
