import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { parse, type PcapParserPacket } from 'pcap-parser';
import { readCapture, type ReadFrame } from '../support/capture-reading';
import { CAPTURE_SAMPLES } from '../support/capture-samples';
import { inProject } from '../support/command';
import { CORPUS, corpusFiles } from './corpus';

/** What the reference says about the frame that a TCP header is in. */
interface ReferenceFrame {
  readonly frame: number;
  /** `null` where the frame carries no time. */
  readonly time: string | null;
  readonly framelen: number;
  readonly caplen: number;
}

/**
 * Nanoseconds of tshark's text. It prints a fraction of more than a second with ten digits, so what stands behind the
 * point is always a whole number of nanoseconds.
 */
function nanoseconds(text: string): bigint {
  const [whole, fraction] = text.split('.');
  return BigInt(whole!) * 1_000_000_000n + BigInt(fraction!);
}

const timeOf = (frame: ReadFrame): bigint | null => (frame.time === null ? null : nanoseconds(frame.time));

/** The records of a microsecond pcap 2.4 as the package `pcap-parser` reads them. */
function otherReader(content: Uint8Array): Promise<PcapParserPacket[]> {
  return new Promise((resolve, reject) => {
    const packets: PcapParserPacket[] = [];
    const parser = parse(Readable.from([Buffer.from(content)]));
    parser.on('packet', (packet) => packets.push(packet));
    parser.on('error', reject);
    parser.on('end', () => resolve(packets));
  });
}

/** Whether pcap-parser is made for the file: neither nanoseconds nor a variant. */
const isPlainPcap = (description: string): boolean => /^pcap 2\.4, [a-z-]+, microseconds(, gzip)?$/.test(description);

async function holdAgainstOtherReader(content: Uint8Array, frames: readonly ReadFrame[]): Promise<void> {
  const plain = content[0] === 0x1f ? gunzipSync(content) : content;
  assert.deepEqual(
    (await otherReader(plain)).map(({ header, data }) => ({
      time: BigInt(header.timestampSeconds) * 1_000_000_000n + BigInt(header.timestampMicroseconds) * 1000n,
      captured: header.capturedLength,
      original: header.originalLength,
      data: data.toString('hex'),
    })),
    frames.map((frame) => ({
      time: timeOf(frame),
      captured: frame.captured,
      original: frame.original,
      data: Buffer.from(frame.bytes).toString('hex'),
    })),
  );
}

describe('a second reader, pcap-parser, agrees record by record', () => {
  const folder = inProject('media/samples');
  const samples = readdirSync(folder)
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => ({ name, content: readFileSync(`${folder}/${name}`) }));

  for (const { name, content } of [...CAPTURE_SAMPLES, ...samples]) {
    const { description, frames } = readCapture(new Uint8Array(content))!;
    if (isPlainPcap(description)) it(`on ${name}`, () => holdAgainstOtherReader(content, frames));
  }
});

const files = corpusFiles();
if (files.length === 0)
  console.log(`\n  The corpus is not at ${CORPUS} (TCP_TRACE_CORPUS): frames were NOT compared.\n`);
else
  describe(`frames of the corpus at ${CORPUS}`, () => {
    for (const { name, capture, reference } of files) {
      const content = new Uint8Array(readFileSync(capture));

      it(`have the number, time and lengths that tshark gives: ${name}`, () => {
        const { frames } = readCapture(content)!;
        const lines = gunzipSync(readFileSync(`${reference}.gz`))
          .toString()
          .split('\n');
        for (const line of lines.filter((one) => one !== '')) {
          const theirs = JSON.parse(line) as ReferenceFrame;
          const ours = frames[theirs.frame - 1];
          assert.ok(ours, `packet ${theirs.frame}`);
          assert.deepEqual(
            { time: timeOf(ours), original: ours.original, captured: ours.captured },
            {
              time: theirs.time === null ? null : nanoseconds(theirs.time),
              original: theirs.framelen,
              captured: theirs.caplen,
            },
            `packet ${theirs.frame}`,
          );
        }
      });

      const { description, frames } = readCapture(content)!;
      if (isPlainPcap(description))
        it(`are those of pcap-parser: ${name}`, () => holdAgainstOtherReader(content, frames));
    }
  });
