import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { anchorsIn, readPage } from '../../../../support/markdown.ts';

test('each runbook that the page names is a heading of docs/operations.md', () => {
  const source = readFileSync('cli/console/page/now.tsx', 'utf8');
  const [, table = ''] = /const runbooks[^{]*\{([^}]*)\}/.exec(source) ?? [];
  const named = [...table.matchAll(/: '([\w-]+)'/g)].map(([, anchor = '']) => anchor);
  ok(named.length > 5, table);
  const anchors = anchorsIn(readPage('docs/operations.md'));
  deepStrictEqual(
    named.filter((anchor) => !anchors.has(anchor)),
    [],
  );
});
