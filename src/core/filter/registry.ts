import type { Field } from './field';
import { OWN_FIELDS } from './fields';
import { WIRESHARK_FIELDS } from './wireshark-fields';

/** Every field that a filter can name. */
export const FIELDS: readonly Field[] = [...OWN_FIELDS, ...WIRESHARK_FIELDS];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** The field of a name, which is written as it is listed. */
export const fieldOf = (name: string): Field | undefined => BY_NAME.get(name);
