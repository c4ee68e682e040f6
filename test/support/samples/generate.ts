import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ftpTextbook } from './ftp-textbook';
import { encodePcap } from './pcap-writer';
import type { Frame } from './packets';

/** Samples that are computed: the same bytes on every run. */
const GENERATED: Readonly<Record<string, () => Frame[]>> = {
  'ftp-textbook.pcap': ftpTextbook,
};

const folder = join(__dirname, '../../../media/samples');
for (const [name, frames] of Object.entries(GENERATED)) writeFileSync(join(folder, name), encodePcap(frames()));
