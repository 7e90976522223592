import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsPage } from '../../infra/settings-table.ts';

test('docs/settings.md is what `npm run settings` makes', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8');
  deepStrictEqual(page, settingsPage());
});
