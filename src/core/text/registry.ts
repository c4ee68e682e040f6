import { byteLiterals } from './byte-literals';
import type { TextFormat } from './format';
import { hexDump } from './hex-dump';
import { packetdrill } from './packetdrill';
import { pdml } from './pdml';
import { psml } from './psml';
import { rfcFigure } from './rfc-figure';
import { tcpdump } from './tcpdump';
import { tsharkColumns } from './tshark-columns';
import { tsharkCsv } from './tshark-csv';
import { tsharkFields } from './tshark-fields';
import { tsharkEk, tsharkJson } from './tshark-json';
import { tsharkSummary } from './tshark-summary';
import { tsharkVerbose } from './tshark-verbose';

/** Every text trace format. Each knows its own by the content; the order does not matter. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  tcpdump,
  tsharkSummary,
  tsharkColumns,
  tsharkCsv,
  tsharkFields,
  tsharkJson,
  tsharkEk,
  tsharkVerbose,
  pdml,
  psml,
  hexDump,
  byteLiterals,
  packetdrill,
  rfcFigure,
];
