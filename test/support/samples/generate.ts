import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ftpTextbook } from './ftp-textbook';
import { hijackInjection } from './hijack-injection';
import { hijackMitnick } from './hijack-mitnick';
import { encodePcap } from './pcap-writer';
import type { Frame } from './packets';

/** Samples that are computed: the same bytes on every run. */
const GENERATED: Readonly<Record<string, () => Frame[]>> = {
  'ftp-textbook.pcap': ftpTextbook,
  'hijack-injection.pcap': hijackInjection,
  'hijack-mitnick.pcap': hijackMitnick,
};

const folder = join(__dirname, '../../../media/samples');
for (const [name, frames] of Object.entries(GENERATED)) writeFileSync(join(folder, name), encodePcap(frames()));
