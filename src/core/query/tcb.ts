import { u32 } from '../bytes/seq';
import type { Tcb } from '../model/segment';
import { CLOSED, ESTABLISHED, type StateName, STATES } from '../model/states';
import {
  ASSUMED,
  type Endpoint,
  KNOWS_IRS,
  KNOWS_ISS,
  KNOWS_RCV,
  KNOWS_RCV_UP,
  KNOWS_RCV_WND,
  KNOWS_SND,
  KNOWS_SND_UP,
  KNOWS_SND_WL2,
  KNOWS_SND_WND,
} from '../tcp/endpoint';

/** Whether nothing proves the state of an end that `speaksAgain` or does not. Who is closed has nothing left to say. */
export const isAssumed = (e: Endpoint, speaksAgain: boolean): boolean =>
  !speaksAgain && e.has(ASSUMED) && e.state !== CLOSED;

/** `null` where an end is open for all that is known, and nothing is: no number of either direction. */
export const stateOf = (e: Endpoint): StateName | null =>
  e.state === ESTABLISHED && !e.has(KNOWS_SND) && !e.has(KNOWS_RCV) ? null : STATES[e.state]!;

/**
 * An endpoint's variables as they are shown: unsigned, with `null` for what is not known. What an end sends later proves
 * its state, since what it disproves has been corrected.
 */
export const tcbOf = (e: Endpoint, speaksAgain: boolean): Tcb => ({
  state: stateOf(e),
  assumed: isAssumed(e, speaksAgain),
  iss: known(e, KNOWS_ISS, e.iss),
  sndUna: known(e, KNOWS_SND, e.sndUna),
  sndNxt: known(e, KNOWS_SND, e.sndNxt),
  sndWnd: known(e, KNOWS_SND_WND, e.sndWnd),
  sndUp: known(e, KNOWS_SND_UP, e.sndUp),
  sndWl1: known(e, KNOWS_SND_WND, e.sndWl1),
  sndWl2: known(e, KNOWS_SND_WND | KNOWS_SND_WL2, e.sndWl2),
  irs: known(e, KNOWS_IRS, e.irs),
  rcvNxt: known(e, KNOWS_RCV, e.rcvNxt),
  rcvWnd: known(e, KNOWS_RCV_WND, e.rcvWnd),
  rcvUp: known(e, KNOWS_RCV_UP, e.rcvUp),
});

const known = (endpoint: Endpoint, bits: number, value: number): number | null =>
  endpoint.has(bits) ? u32(value) : null;
