import { servicePort } from './services';

/** Names without a known port that are told apart; from there on they share the last one. */
const MAX_UNKNOWN = 4096;

/**
 * Ports of the services that one trace names. A name that is not known gets a port of its own, counted down from 65535:
 * the connection can be followed, and whoever invents is told.
 */
export class ServiceNames {
  private readonly unknown = new Map<string, number>();
  /** How often somebody has asked for a name that is not known: the port depends on those before it. */
  inventions = 0;

  /** @param invented told once of each name that is not known, with the port that stands for it */
  constructor(private readonly invented: (name: string, port: number) => void) {}

  port(name: string): number {
    const known = servicePort(name);
    if (known >= 0) return known;
    this.inventions++;
    let port = this.unknown.get(name);
    if (port !== undefined) return port;
    port = 65535 - Math.min(this.unknown.size, MAX_UNKNOWN - 1);
    if (this.unknown.size < MAX_UNKNOWN) {
      this.unknown.set(name, port);
      this.invented(name, port);
    }
    return port;
  }
}
