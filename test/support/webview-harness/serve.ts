import { serveHarness } from './server';

void serveHarness({ port: Number(process.env['PORT'] ?? 0) }).then(({ url }) =>
  console.log(`${url}?trace=ftp-textbook.pcap&theme=dark`),
);
