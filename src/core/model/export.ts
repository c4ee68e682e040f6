/** What tables are written as. */
export const TABLE_FORMATS = ['csv', 'json'] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

/** 64 secret bits that decide which address stands in for which. */
export type AnonymiseKey = readonly [low: number, high: number];
