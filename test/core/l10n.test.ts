import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { samplesOf } from '../../src/extension/commands/samples-list';
import { translationKeys } from '../support/translation-keys';
import { bareTexts } from '../support/translation-bare-texts';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const json = (file: string): Readonly<Record<string, string>> => JSON.parse(read(file)) as Record<string, string>;

/** Constants that hold names of others: services as IANA registers them. */
const NAMES_OF_OTHERS = ['PORTS'];

/** Keys that are made when the program runs; each says where their texts come from. */
const MADE_AT_RUN_TIME = [
  // Kinds of notes, all of which are translated as `note.kind` too.
  'webview/panels/connections.ts: Object.entries(row.notes)',
  // Headings and lessons of media/samples/README.md: `lessons` below.
  'src/extension/commands/samples-list.ts: readonly title: string;',
  "src/extension/commands/samples-list.ts: row[2]!.trim().replace(/[*`]/g, '')",
];

/** Abbreviations, names of standards and products, and formulas of the RFC's variables: the same in every language. */
const SAME_IN_EVERY_LANGUAGE = new Set([
  '802.1AE MACsec',
  '802.1BR E-Tag',
  '802.1Q VLAN',
  'ARCNET',
  'ARCNET (Linux)',
  'ARP',
  'ATM',
  'AX.25',
  'AX.25 KISS',
  'Apple PKTAP',
  'AppleTalk',
  'AppleTalk ARP',
  'BPDU',
  'Bubba',
  'CALIPSO',
  'CAN',
  'CLNP',
  'CT',
  'Cisco HDLC',
  'Cisco Inter-Switch Link',
  'DOCSIS',
  'EIGRP',
  'ELS',
  'ES-IS',
  'ESP',
  'EtherIP',
  'Excentis XRA',
  'GRE',
  'HSR',
  'ICMP',
  'ICMPv6',
  'IEEE 802.11',
  'IGMP',
  'IP',
  'IPX',
  'IPv4',
  'IPv6',
  'IS-IS',
  'ISS {0} < SEG.ACK {1} ≤ SND.NXT {2}',
  'InMon sFlow',
  'Juniper ATM1',
  'Juniper ATM2',
  'Juniper Cisco HDLC',
  'Juniper GGSN',
  'Juniper PPP',
  'Juniper PPPoE',
  'L2TPv3',
  'LAPB',
  'LIN',
  'LLC',
  'LLC/SNAP',
  'LLDP',
  'MACsec',
  'MARS',
  'MPLS',
  'NET/ROM',
  'NMEA',
  'NSH',
  'NetBIOS',
  'Nr',
  'Ns',
  'OAM',
  'OSI',
  'OSPF',
  'PIM',
  'PPP',
  'Pad1',
  'PadN',
  'RARP',
  'RCV.NXT {0} ≤ SEG.SEQ + SEG.LEN − 1 {1} < RCV.NXT + RCV.WND {2}',
  'RCV.NXT {0} ≤ SEG.SEQ {1} < RCV.NXT + RCV.WND {2}',
  'RSVP',
  'RTT',
  'Radiotap',
  'SCSI',
  'SCTP',
  'SNAP',
  'SND.UNA {0} < SEG.ACK {1} ≤ SND.NXT {2}',
  'Shim6',
  'Skeeter',
  'Solaris IPNET',
  'SunATM',
  'TCP',
  'TRILL',
  'UDP',
  'UDP-Lite',
  'VLAN',
  'VN-Tag',
  'VRRP',
]);

/** What the interface shows without looking it up: it is no English. */
const NOT_TO_BE_TRANSLATED = ['webview/panels/connections.ts:  UTC', 'webview/panels/hoverCard.ts:  UTC'];

const lessons = samplesOf(read('media/samples/README.md')).flatMap(({ title, samples }) => [
  title,
  ...samples.map(({ lesson }) => lesson),
]);

const places = (text: string): string[] => [...text.matchAll(/\{\d+\}/g)].map(([place]) => place).sort();
/** Whether there is a word in it, besides its places. */
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replace(/\{\d+\}/g, ''));

describe('Simplified Chinese', function () {
  this.timeout(180_000);
  const bundle = json('l10n/bundle.l10n.zh-cn.json');
  let keys: ReadonlyMap<string, readonly string[]>;
  let unknown: readonly string[];

  before(() => {
    const found = translationKeys(ROOT, NAMES_OF_OTHERS);
    keys = new Map([...found.keys, ...lessons.map((lesson) => [lesson, ['media/samples/README.md']] as const)]);
    unknown = found.unknown;
  });

  it('can tell where every key comes from', () => {
    assert.deepEqual([...new Set(unknown)].sort(), [...MADE_AT_RUN_TIME].sort());
  });

  it('has a translation of every text', () => {
    const missing = [...keys]
      .filter(([key]) => hasWords(key) && !SAME_IN_EVERY_LANGUAGE.has(key) && bundle[key] === undefined)
      .map(([key, [place]]) => `${place}: ${key}`);
    assert.deepEqual(missing, []);
  });

  it('has no translation of a text that is gone', () => {
    assert.deepEqual(
      [...Object.keys(bundle), ...SAME_IN_EVERY_LANGUAGE].filter((key) => !keys.has(key)),
      [],
    );
  });

  it('says everything in Chinese', () => {
    const inEnglish = Object.entries(bundle).filter(
      ([key, text]) =>
        SAME_IN_EVERY_LANGUAGE.has(key) || text === key || (hasWords(key) && !/[\p{Script=Han}，；（）、]/u.test(text)),
    );
    assert.deepEqual(inEnglish, []);
  });

  it('puts the same values into a sentence as the English one', () => {
    for (const [key, text] of Object.entries(bundle))
      assert.deepEqual([...new Set(places(text))], [...new Set(places(key))], key);
  });

  it('writes punctuation and spaces as Chinese does', () => {
    for (const text of Object.values(bundle)) {
      assert.doesNotMatch(text, /\p{Script=Han}\s*[,;:?!]|[,;?!]\s*\p{Script=Han}/u, 'half-width punctuation');
      assert.doesNotMatch(text, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u, 'no space beside a Latin word');
      assert.doesNotMatch(
        text,
        /\s[，。；：？！（）“”、]|[，。；：？！、（“]\s/u,
        'a space beside full-width punctuation',
      );
      assert.equal(text, text.trim());
    }
  });

  it('is complete in the manifest', () => {
    const english = json('package.nls.json');
    const chinese = json('package.nls.zh-cn.json');
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
    for (const [key, text] of Object.entries(chinese))
      if (english[key] !== 'TCP Trace Explorer') assert.match(text, /\p{Script=Han}/u, key);
    const { l10n } = json('package.json');
    assert.ok(existsSync(path.join(ROOT, l10n!, 'bundle.l10n.zh-cn.json')));
  });

  it('leaves no text of the interface out of the translations', () => {
    assert.deepEqual(
      bareTexts(ROOT).filter((text) => !NOT_TO_BE_TRANSLATED.includes(text)),
      [],
    );
  });
});
