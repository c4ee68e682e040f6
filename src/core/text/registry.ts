import type { TextFormat } from './format';
import { hexDump } from './hex-dump';
import { packetdrill } from './packetdrill';
import { pdml } from './pdml';
import { rfcFigure } from './rfc-figure';
import { tcpdump } from './tcpdump';
import { tsharkCsv } from './tshark-csv';
import { tsharkFields } from './tshark-fields';
import { tsharkEk, tsharkJson } from './tshark-json';
import { tsharkSummary } from './tshark-summary';
import { tsharkVerbose } from './tshark-verbose';

/** Every text trace format. Each knows its own by the content; the order does not matter. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  tcpdump,
  tsharkSummary,
  tsharkCsv,
  tsharkFields,
  tsharkJson,
  tsharkEk,
  tsharkVerbose,
  pdml,
  hexDump,
  packetdrill,
  rfcFigure,
];
