import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { rootMessage } from '../../src/root-message.ts';

test('an error comes down to its innermost cause, or the first of its errors, without the full stop', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:9092.');
  strictEqual(rootMessage(refused), 'connect ECONNREFUSED 127.0.0.1:9092');
  const wrapped = new Error('fetching failed', { cause: refused });
  strictEqual(rootMessage(wrapped), rootMessage(refused));
  strictEqual(rootMessage(new AggregateError([wrapped, new Error('other')])), rootMessage(refused));
});
