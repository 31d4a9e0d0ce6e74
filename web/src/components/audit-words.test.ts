import { expect, it } from 'vitest';

import { AUDIT_WORDS } from '@/components/audit-words';
import { AUDIT_ACTIONS } from '@/lib/operation-search';

it('has words for all that can be asked for, and nothing else', () => {
  expect(Object.keys(AUDIT_WORDS).sort()).toEqual([...AUDIT_ACTIONS].sort());
});
