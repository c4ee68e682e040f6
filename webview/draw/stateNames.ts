import { OTHER_STATE_NAMES } from '../../src/core/format/state';
import type { StateName } from '../../src/core/model/states';
import { t } from '../l10n';

/** What else a state is called, for its tooltip; `null` where it has the RFC's name alone. */
export function otherNames(state: StateName | null): string | null {
  const names = state === null ? undefined : OTHER_STATE_NAMES[state];
  return names === undefined ? null : t('In textbooks and tools: {0}', names.join(', '));
}
