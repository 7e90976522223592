import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reasons } from '../../../../functions/ingest/event/rejection.ts';

test('the README’s table of what becomes of a record names every reason, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
  const named = [...readme.matchAll(/reason `([a-z_]+)`/g)].map(([, reason]) => reason);
  deepStrictEqual([...new Set(named)].toSorted(), [...reasons].toSorted());
});
