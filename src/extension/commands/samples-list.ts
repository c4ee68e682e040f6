export interface Sample {
  readonly file: string;
  /** What one sees in it, in plain English text. */
  readonly lesson: string;
}

export interface SampleGroup {
  readonly title: string;
  readonly samples: readonly Sample[];
}

/**
 * The samples as their folder's README lists them: a table under each heading, with files in the first column and the
 * lesson in the second.
 */
export function samplesOf(readme: string): SampleGroup[] {
  const groups: { title: string; samples: Sample[] }[] = [];
  for (const line of readme.split('\n')) {
    const heading = /^## (.+)/.exec(line.trim());
    if (heading !== null) groups.push({ title: heading[1]!, samples: [] });
    const row = /^\| *(`[^|]+)\|([^|]+)\|/.exec(line);
    if (row === null) continue;
    const lesson = row[2]!.trim().replace(/[*`]/g, '');
    for (const [, file] of row[1]!.matchAll(/`([^`/\\]+)`/g)) groups.at(-1)?.samples.push({ file: file!, lesson });
  }
  return groups.filter((group) => group.samples.length > 0);
}
