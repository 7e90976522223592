import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { uuidText } from '../../../../functions/ingest/event/uuid-text.ts';

test('sixteen bytes from a place on are a uuid in lower case with its dashes', () => {
  const bytes = Buffer.from('ff0123456789ABCDEF0123456789ABCDEFff', 'hex');
  strictEqual(uuidText(bytes, 1), '01234567-89ab-cdef-0123-456789abcdef');
});
