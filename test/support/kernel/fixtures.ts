import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StateName } from '../../../src/core/model/states';

export type Side = 'client' | 'server';

/** A recorded connection and what the kernel said of it; the folder's README tells what each field means. */
export interface KernelRecording {
  readonly scenario: string;
  readonly what: string;
  readonly kernel: string;
  readonly client: End;
  readonly server: End;
  /** Path of the capture taken at either end. */
  readonly vantage: Readonly<Record<Side, string>>;
  readonly states: readonly KernelStateChange[];
  readonly variables: readonly KernelReading[];
  readonly retransmissions: readonly (At & { readonly seq: number; readonly endSeq: number })[];
  readonly congestion: readonly (At & { readonly to: 'open' | 'disorder' | 'cwr' | 'recovery' | 'loss' })[];
  readonly fates: readonly KernelFate[];
}

export interface End {
  readonly address: string;
  readonly port: number;
}

/** `time` is in seconds since the epoch, with nine decimals. */
export interface At {
  readonly time: string;
  readonly side: Side;
}

export interface KernelStateChange extends At {
  readonly from: StateName;
  readonly to: StateName;
  readonly source: 'tracepoint' | 'request-socket' | 'sock_diag';
  readonly reported?: StateName;
}

export interface KernelReading extends At {
  readonly when: 'arrival' | 'departure' | 'state';
  /** Number of the packet in the capture taken at `side`. */
  readonly packet: number | null;
  readonly sndNxt: number;
  readonly rcvNxt: number;
  readonly sndUna?: number;
  readonly sndWnd?: number;
  readonly sndWl1?: number;
  readonly rcvWup?: number;
  readonly rcvWnd?: number;
  readonly cwnd?: number;
  readonly ssthresh?: number;
  readonly srttUs?: number;
}

export interface KernelFate extends At {
  readonly seq: number;
  readonly ack: number;
  readonly len: number;
  readonly flags: number;
  readonly fate: 'dropped' | 'delayed' | 'duplicated';
}

const FOLDER = join(__dirname, '../../fixtures/kernel');

/** Every recording, by name. */
export function kernelRecordings(): KernelRecording[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => recordingOf(name.slice(0, -'.json'.length)));
}

/** The recording of a scenario. */
export function recordingOf(scenario: string): KernelRecording {
  const recording = JSON.parse(readFileSync(join(FOLDER, `${scenario}.json`), 'utf8')) as KernelRecording;
  const { client, server } = recording.vantage;
  return { ...recording, vantage: { client: join(FOLDER, client), server: join(FOLDER, server) } };
}
