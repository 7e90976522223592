import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reasons } from '../../../../functions/ingest/event/rejection.ts';

test('docs/records.md names every reason, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/records.md'), 'utf8');
  const named = [...page.matchAll(/reason `([a-z_]+)`/g)].map(([, reason]) => reason);
  deepStrictEqual([...new Set(named)].toSorted(), [...reasons].toSorted());
});
