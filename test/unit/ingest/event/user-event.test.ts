import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { isDecoded } from '../../../../functions/ingest/event/user-event.ts';

test('a decoded event is told from a rejection by its values', () => {
  deepStrictEqual(
    [{ values: {} }, { reason: 'undecodable', detail: '' }, { awaits: 7 }].map(isDecoded),
    [true, false, false],
  );
});
