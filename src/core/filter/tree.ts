import type { Field } from './field';
import type { Literal } from './literals';

export type Comparison = '==' | '!=' | '===' | '!==' | '<' | '<=' | '>' | '>=';

/** A filter as a tree. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  /** The field is there, or holds, where it is one that can be true. */
  | { readonly kind: 'is'; readonly field: Field; readonly mask: number | null }
  | {
      readonly kind: 'compare';
      readonly field: Field;
      /** Bits of the field that are compared; `null` for all. */
      readonly mask: number | null;
      readonly comparison: Comparison;
      readonly value: Literal | Field;
    }
  | { readonly kind: 'in'; readonly field: Field; readonly choices: readonly Choice[] }
  | { readonly kind: 'contains'; readonly field: Field; readonly value: Literal };

/** A value, or a range with both of its ends. */
export interface Choice {
  readonly from: Literal;
  readonly to: Literal | null;
}
