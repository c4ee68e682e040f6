import type { TextFormat } from './format';
import { tcpdump } from './tcpdump';
import { tsharkSummary } from './tshark-summary';

/** Every text trace format. Each knows its own by the content; the order does not matter. */
export const TEXT_FORMATS: readonly TextFormat[] = [tcpdump, tsharkSummary];
