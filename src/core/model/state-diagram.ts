import type { Side } from './segment';
import type { StateName } from './states';

/** An edge of the state diagram of RFC 9293 (§3.3.2, figure 5). */
export interface StateEdge {
  readonly from: StateName;
  readonly to: StateName;
  /** Event and action as the figure has them, the RFC's words. */
  readonly label: string;
  /** Whether it is told in a note to the figure (note 2) instead of being drawn there. */
  readonly noted?: true;
}

/** All of them, and the one that note 2 adds. What a reset does is in note 3, and drawn by nobody. */
export const STATE_EDGES: readonly StateEdge[] = [
  { from: 'CLOSED', to: 'LISTEN', label: 'passive OPEN' },
  { from: 'LISTEN', to: 'CLOSED', label: 'CLOSE' },
  { from: 'CLOSED', to: 'SYN-SENT', label: 'active OPEN / snd SYN' },
  { from: 'SYN-SENT', to: 'CLOSED', label: 'CLOSE' },
  { from: 'LISTEN', to: 'SYN-RECEIVED', label: 'rcv SYN / snd SYN,ACK' },
  { from: 'LISTEN', to: 'SYN-SENT', label: 'SEND / snd SYN' },
  { from: 'SYN-RECEIVED', to: 'LISTEN', label: 'rcv RST' },
  { from: 'SYN-SENT', to: 'SYN-RECEIVED', label: 'rcv SYN / snd SYN,ACK' },
  { from: 'SYN-RECEIVED', to: 'ESTABLISHED', label: 'rcv ACK of SYN' },
  { from: 'SYN-SENT', to: 'ESTABLISHED', label: 'rcv SYN,ACK / snd ACK' },
  { from: 'SYN-RECEIVED', to: 'FIN-WAIT-1', label: 'CLOSE / snd FIN' },
  { from: 'ESTABLISHED', to: 'FIN-WAIT-1', label: 'CLOSE / snd FIN' },
  { from: 'ESTABLISHED', to: 'CLOSE-WAIT', label: 'rcv FIN / snd ACK' },
  { from: 'FIN-WAIT-1', to: 'FIN-WAIT-2', label: 'rcv ACK of FIN' },
  { from: 'FIN-WAIT-1', to: 'CLOSING', label: 'rcv FIN / snd ACK' },
  { from: 'FIN-WAIT-1', to: 'TIME-WAIT', label: 'rcv FIN,ACK of FIN / snd ACK', noted: true },
  { from: 'CLOSE-WAIT', to: 'LAST-ACK', label: 'CLOSE / snd FIN' },
  { from: 'FIN-WAIT-2', to: 'TIME-WAIT', label: 'rcv FIN / snd ACK' },
  { from: 'CLOSING', to: 'TIME-WAIT', label: 'rcv ACK of FIN' },
  { from: 'LAST-ACK', to: 'CLOSED', label: 'rcv ACK of FIN' },
  { from: 'TIME-WAIT', to: 'CLOSED', label: 'Timeout=2MSL' },
];

/** How often the endpoints of a capture went from one state to another. */
export interface StateMoves {
  readonly from: StateName;
  readonly to: StateName;
  readonly client: number;
  readonly server: number;
}

export interface StateMovesProgress {
  /** From 0 to 1. */
  readonly share: number;
  readonly moves: readonly StateMoves[];
}

/** A segment at which an endpoint went from one state to another. */
export interface StateMove {
  /** 1-based packet number. */
  readonly packet: number;
  readonly connection: number;
  /** Who moved. */
  readonly side: Side;
}
