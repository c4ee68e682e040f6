// pcap-parser, which only counts: `node bench-pcap-parser.js FILE`.
import { parse } from 'pcap-parser';

let packets = 0;
parse(process.argv[2]!)
  .on('packet', () => packets++)
  .on('error', (error) => {
    throw error;
  })
  .on('end', () => console.log(packets));
