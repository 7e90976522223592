import { ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { censored } from '../../../../../functions/ingest/cassandra/refusals/censored.ts';

test('words of a row’s values become an ellipsis, in any case and also as parts of them', () => {
  const contents = [Buffer.from('PURCHASE'), null, Buffer.from('the visitor’s cart')];
  strictEqual(
    censored('no purchase of a visitor in chase of a rule', contents),
    'no … of a … in … of a rule',
  );
});

test('words with digits, of other alphabets and of hexadecimal become an ellipsis without any contents', () => {
  strictEqual(
    censored('Value 4711 of Gänseblümchen or deadbeef is a bad one', []),
    'Value … of … or … is a bad one',
  );
});

test('a long message is cut before it is repeated', () => {
  const text = censored('word '.repeat(1_000), []);
  ok(text.length < 420 && text.endsWith(' …'), text.slice(-20));
});
