import type { Carries } from './text-pairs';

/** How texts of tcpdump differ in what they carry. */
export interface TcpdumpOptions {
  readonly names?: boolean;
  readonly untimed?: boolean;
  readonly delta?: boolean;
}

/** `192.0.2.1 > 192.0.2.2: ip-proto-6`, `: tcp` where names are shown; `frag (0x1a2b3c4d:1280|140)` of IPv6. */
const isPiece = (lines: string): boolean => /: (ip-proto-6|tcp)\s*$|frag \((0x[\da-f]+:)?[1-9]\d*\|/m.test(lines);

/** Text of tcpdump without bytes: what its lines say of a packet. */
export const tcpdump = (options: TcpdumpOptions = {}): Carries => ({
  ...options,
  // tcpdump 5 has a letter for it, "e"; what is compared here was printed by 4.99.
  hiddenFlags: ['AE'],
  // Of what is inside a header that it does not know, tcpdump prints the bytes.
  segment: (lines) => /: +(Flags \[|tcp \d|\[\|tcp\])|^\t0x0000:/m.test(lines),
  identification: (lines) => /, id \d+, offset|^\t0x0000:/m.test(lines),
  piece: isPiece,
  field(name, lines) {
    switch (name) {
      case 'seq':
      case 'seqRaw':
        return /, seq \d/.test(lines) && !/bad hdr/.test(lines);
      case 'ack':
      case 'ackRaw':
        return /, ack \d/.test(lines);
      case 'window':
      case 'scaledWindow':
        return /, win \d/.test(lines);
      case 'flags':
        return /Flags \[/.test(lines);
      case 'checksum':
        return /cksum 0x/.test(lines);
      case 'options':
        // Bytes of a Multipath TCP option are not all printed, nor those of one that is malformed or cut.
        return (
          /, win \d/.test(lines) &&
          !/bad opt|\[\|tcp\]|mptcp|\[len \d|invalid sack|unknown-|md5|tcp-ao|scps|exp-/.test(lines)
        );
      case 'len':
        return !/bad hdr|\[\|tcp\]/.test(lines);
      default:
        return true;
    }
  },
});

/** The same of `-q`. */
export const quiet = (options: TcpdumpOptions = {}): Carries => ({
  ...options,
  bare: true,
  segment: (lines) => /: +(tcp \d|\[\|tcp\])/.test(lines),
  identification: (lines) => /, id \d+, offset/.test(lines),
  piece: isPiece,
  field: (name, lines) =>
    ['source', 'destination', 'sourcePort', 'destinationPort'].includes(name) ||
    (name === 'len' && !/bad hdr|\[\|tcp\]/.test(lines)),
});

/** The packet's bytes are there: everything is. */
export const bytes: Carries = { segment: () => true, identification: () => true, field: () => true };

/** One line a packet, as Wireshark lists them. What a protocol above TCP says of itself hides TCP's numbers. */
export const summary: Carries = {
  stated: true,
  relative: true,
  segment: (lines) => /(→|->) \S+ \[[^\]]*\] Seq=/.test(lines),
  identification: () => false,
  unfinished: (lines) => /\[Malformed Packet/.test(lines) && !/ Len=\d/.test(lines),
  field(name, lines) {
    switch (name) {
      case 'seq':
      case 'ack':
        return new RegExp(` ${name === 'seq' ? 'Seq' : 'Ack'}=\\d`).test(lines);
      case 'len':
        return / Len=\d/.test(lines);
      case 'seqRaw':
      case 'ackRaw':
      case 'options':
      case 'checksum':
      case 'window':
      case 'scaledWindow':
        return false;
      default:
        return true;
    }
  },
};

/** Every field by its name, but for the checksum, which tshark does not check unless it is told to. */
export const fields: Carries = {
  segment: (lines) => /tcp[._]srcport/.test(lines),
  identification: (lines) => /"ip[._]ip[._]id"|ip\.id/.test(lines),
  field: (name, lines) =>
    name !== 'checksum' && (/tcp[._]seq|tcp\.flags/.test(lines) || /^(source|destination)/.test(name)),
};

const hasBothVersions = (lines: string): boolean =>
  /\d+\.\d+\.\d+\.\d/.test(lines) && /[\da-f]::?[\da-f]*:/.test(lines);

/** The same in columns, which are empty behind the ports where the header is cut. */
export const columns: Carries = {
  ...fields,
  segment: () => true,
  field: (name, lines) =>
    name !== 'checksum' &&
    // Which of IPv4 and IPv6 is inside the other, columns do not tell.
    !(/^(source|destination)$/.test(name) && hasBothVersions(lines)) &&
    (/0x[0-9a-f]{4}/.test(lines) || /^(source|destination)/.test(name)),
};

/** Details in words: of options that are malformed, cut or not known there is not every byte. */
export const details: Carries = {
  segment: (lines) => /^ *Transmission Control Protocol, Src Port/m.test(lines),
  identification: (lines) => /^ +Identification: 0x/m.test(lines),
  field: (name, lines) =>
    name !== 'checksum' &&
    (/^ +Flags: 0x/m.test(lines.slice(lines.indexOf('Transmission Control'))) || /^(source|destination)/.test(name)) &&
    (name !== 'options' ||
      !/SCPS|Riverbed|TCP Option - (Unknown|Experimental(?!: Fast Open))|Multipath Transmission|Malformed|TCP truncated|Expert Info .*option/.test(
        lines,
      )),
};

/** What each kind of text carries, by its name. */
const CARRIES: readonly (readonly [kind: RegExp, carries: Carries])[] = [
  // Files of the corpus of texts, and kinds of `text-kinds.ts`.
  [/^tcpdump-nn_(x|XX)$|^tcpdump-nn(-e)?-(x|xx|X|XX)(-.*)?$/, bytes],
  [/^tcpdump(-n|-nn)?-q$/, quiet()],
  [/^tcpdump-number_t$|^tcpdump-nn(-#|-e|-A)?-t$/, tcpdump({ untimed: true })],
  [/^tcpdump(-names)?$/, tcpdump({ names: true })],
  [/^tcpdump-/, tcpdump()],
  [/^tshark-(summary-x|json-x|V-x)$/, bytes],
  [/^tshark-x$/, { ...bytes, untimed: true }],
  [/^tshark-csv$/, summary],
  [/^tshark-(json|ek|pdml)$/, fields],
  [/^tshark-fields(-comma)?$/, columns],
  [/^tshark-checked$/, { ...fields, field: () => true }],
  [/^tshark-V$/, details],
  [/^tshark-summary-raw$/, { ...summary, relative: false }],
  [/^tshark-summary([-_](a|ad|adoy|d|e|u|ud|names))?$/, summary],
];

/** What a kind of text carries; `null` where nothing is known of it. */
export const carriesOf = (kind: string): Carries | null => CARRIES.find(([pattern]) => pattern.test(kind))?.[1] ?? null;
