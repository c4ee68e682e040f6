import type { PacketText } from './format';
import { isWordByte, oneLine } from './packetdrill-statements';
import { ascii, find, isBlank, Scanner, slice } from './scan';

/** What the code of a packetdrill script demands of `tcp_info`. */

const TCPI = ascii('tcpi_');

/** `tcpi_snd_cwnd == 10`, `0 < tcpi_rtt <= 200`, `(tcpi_options & BITS) != 0`, wherever they stand in code. */
export function takeAssertions(bytes: Uint8Array, start: number, end: number, packet: PacketText): void {
  for (let at = find(bytes, start, end, TCPI); at >= 0; at = find(bytes, at + 1, end, TCPI)) {
    if (isWordByte(bytes[at - 1] ?? 0)) continue;
    const t = new Scanner().set(bytes, at, end);
    while (isWordByte(t.next)) t.at++;
    const name = slice(bytes, at, t.at);
    const mask = takeMask(t);
    const add = (operator: string, value: string, from: number, to: number): void => {
      packet.events.push({
        kind: 'assertion',
        text: oneLine(bytes, from, to),
        start: from,
        end: to,
        blocksFor: null,
        assertion: { name, mask, operator, value },
      });
    };
    const before = operandBefore(bytes, start, at);
    if (before !== null) add(REVERSED[before.operator]!, before.value, before.start, t.at);
    const operator = takeOperator(t);
    if (operator === '') continue;
    const valueAt = t.at;
    while (isWordByte(t.next) || t.next === 0x2d || t.next === 0x2e) t.at++;
    if (t.at > valueAt) add(operator, slice(bytes, valueAt, t.at), at, t.at);
  }
}

/** Takes ` & TCPI_OPT_SYN_DATA)`; returns the name of the bits. */
function takeMask(t: Scanner): string | null {
  const from = t.at;
  while (isBlank(t.next)) t.at++;
  if (!t.takeByte(AMPERSAND)) {
    t.at = from;
    return null;
  }
  while (isBlank(t.next)) t.at++;
  const nameAt = t.at;
  while (isWordByte(t.next)) t.at++;
  const name = slice(t.bytes, nameAt, t.at);
  t.takeByte(0x29);
  return name;
}

/** Takes a comparison with the blanks around it; empty where there is none. */
function takeOperator(t: Scanner): string {
  while (isBlank(t.next)) t.at++;
  const from = t.at;
  while (isComparing(t.next)) t.at++;
  const operator = slice(t.bytes, from, t.at);
  while (isBlank(t.next)) t.at++;
  return operator in REVERSED ? operator : '';
}

const AMPERSAND = 0x26;
const isComparing = (c: number): boolean => c === 0x3d || c === 0x3c || c === 0x3e || c === 0x21;

/** `200 <=` in front of a name. */
function operandBefore(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly start: number; readonly operator: string; readonly value: string } | null {
  let at = end;
  while (at > start && isBlank(bytes[at - 1]!)) at--;
  const operatorEnd = at;
  while (at > start && isComparing(bytes[at - 1]!)) at--;
  const operator = slice(bytes, at, operatorEnd);
  if (!(operator in REVERSED)) return null;
  while (at > start && isBlank(bytes[at - 1]!)) at--;
  const valueEnd = at;
  while (at > start && (isWordByte(bytes[at - 1]!) || bytes[at - 1] === 0x2e)) at--;
  return at === valueEnd ? null : { start: at, operator, value: slice(bytes, at, valueEnd) };
}

/** Comparisons, each with the same seen from its other side. */
const REVERSED: Readonly<Record<string, string>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
