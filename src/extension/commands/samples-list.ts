export interface Sample {
  readonly file: string;
  /** What one sees in it, in plain English text. */
  readonly lesson: string;
}

/** The samples as the table in their folder's README lists them: the file in the first column, the lesson in the second. */
export function samplesOf(readme: string): Sample[] {
  return readme.split('\n').flatMap((line) => {
    const row = /^\|\s*`([^`/\\]+)`\s*\|\s*([^|]+?)\s*\|/.exec(line);
    return row === null ? [] : [{ file: row[1]!, lesson: row[2]!.replace(/[*`]/g, '') }];
  });
}
