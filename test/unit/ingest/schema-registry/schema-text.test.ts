import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from '../../../../functions/ingest/schema-registry/schema-text.ts';

test('a name of others is quoted, its control characters escaped, and cut after a hundred characters', () => {
  strictEqual(shown('a\n"b"'), '"a\\n\\"b\\""');
  strictEqual(shown('x'.repeat(100)), `"${'x'.repeat(100)}"`);
  strictEqual(shown('x'.repeat(101)), `"${'x'.repeat(100)}"…`);
});
