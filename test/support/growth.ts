/** Lengths that are compared: one is {@link TIMES} the other. */
const TIMES = 4;
/** Linear work takes {@link TIMES} times as long, quadratic the square of it. */
const MOST = 9;
/** Processor time that is noise: garbage collection, compilation. */
const NOISE_MS = 25;

/** Milliseconds of processor time that something takes: other programs do not count. */
function cost(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Whether work on `4 * length` of something takes far more than four times what it takes on `length`, each time anew. */
export function growsFaster(length: number, work: (length: number) => void): boolean {
  const isFaster = (): boolean => {
    const long = cost(() => work(TIMES * length));
    return long > NOISE_MS && long > MOST * cost(() => work(length)) + NOISE_MS;
  };
  return isFaster() && isFaster() && isFaster();
}

const CLASSES: Readonly<Record<string, string>> = { d: '0', D: 'a', s: ' ', S: 'a', w: 'a', W: ' ', t: '\t', n: '\n' };

/**
 * What a pattern matches, roughly: each of its characters once, of a class one. Quantifiers, groups and assertions are
 * left out, so that it and its beginnings lead into every part of the pattern.
 */
export function skeletonOf({ source }: RegExp): string {
  let text = '';
  for (let at = 0; at < source.length; at++) {
    const c = source[at]!;
    if (c === '\\') text += CLASSES[source[++at]!] ?? (/[bB\d]/.test(source[at]!) ? '' : source[at]!);
    else if (c === '[') {
      let end = at + 1;
      while (source[end] !== ']') end += source[end] === '\\' ? 2 : 1;
      const inside = source.slice(at + 1, end);
      const first = inside.startsWith('\\') ? (CLASSES[inside[1]!] ?? inside[1]!) : inside[0]!;
      text += first === '^' ? (inside.includes('a') ? '#' : 'a') : first;
      at = end;
    } else if (c === '{') at = source.indexOf('}', at);
    else if (c === '(' && source[at + 1] === '?') at += /^\?(?:[:=!]|<[=!])/.exec(source.slice(at + 1))![0].length;
    else if (c === '.') text += 'a';
    else if (!'()|^$*+?'.includes(c)) text += c;
  }
  return text;
}

const MOST_BEGINNINGS = 24;

/**
 * Texts to make a pattern slow by: the beginnings of what it matches, and what is repeated behind them: each character
 * of it, and each two that stand together.
 */
export function* hostileTo(pattern: RegExp): Generator<readonly [beginning: string, repeated: string]> {
  const skeleton = skeletonOf(pattern);
  const repeated = new Set(['a', '0', ' ', '\n', 'a ', '0 ', ...skeleton]);
  for (let at = 0; at + 1 < skeleton.length; at++) repeated.add(skeleton.slice(at, at + 2));
  for (let length = 0; length <= Math.min(skeleton.length, MOST_BEGINNINGS); length++)
    for (const piece of repeated) yield [skeleton.slice(0, length), piece];
}

/** From short ones on, so that what grows exponentially or by a high power is found before it takes for ever. */
const LENGTHS = [5, 20, 80, 400, 2000, 8000];

/** The texts of {@link hostileTo} on which a pattern takes time that grows faster than their length. */
export function slowOn(pattern: RegExp): string[] {
  const global = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
  const slow: string[] = [];
  for (const [beginning, repeated] of hostileTo(pattern)) {
    const replace = (length: number): void => {
      `${beginning}${repeated.repeat(length / repeated.length)}\u0001`.replace(global, '');
    };
    if (LENGTHS.some((length) => growsFaster(length, replace))) slow.push(JSON.stringify(`${beginning}${repeated}…`));
  }
  return slow;
}
