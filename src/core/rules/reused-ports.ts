import { message } from '../model/message';
import type { Rule } from '../tcp/rule';

/** Found while the connection is looked up, before there is a memory to judge by: see the tracker. */
export const reusedPorts: Rule = {
  kind: 'reused-ports',
  level: 'info',
  cites: 'RFC 9293 §3.4.1',
  phase: 'acknowledgment',
  matches: () => false,
  text: () => message('The same addresses and ports as an earlier connection, with a new initial sequence number.'),
};
