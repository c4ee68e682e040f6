/**
 * Characters that could change how the text around them looks or what a terminal does: C0 and C1 controls, line and
 * paragraph separators, zero-width characters, bidirectional controls (Unicode TR36), tags, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

const HAS_UNSAFE = new RegExp(UNSAFE.source, 'u');

/** Text from outside, made inert and visible: controls by their names (`‹ESC›`), the rest by number (`‹U+202E›`). */
export const inert = (text: string): string => (HAS_UNSAFE.test(text) ? text.replace(UNSAFE, visible) : text);

/** ASCII's names of its control characters, in order (their Unicode pictures are missing in too many fonts). */
const CONTROL_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  const name = code === 0x7f ? 'DEL' : CONTROL_NAMES[code];
  if (name !== undefined) return `‹${name}›`;
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

/** A clause that begins a line: with a capital letter where there are capitals. */
export const capitalised = (clause: string): string => clause.charAt(0).toUpperCase() + clause.slice(1);
