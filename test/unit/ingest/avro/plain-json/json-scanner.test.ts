import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecodeFailure } from '../../../../../functions/ingest/avro/decode-failure.ts';
import {
  JsonScanner,
  textOf,
  token,
} from '../../../../../functions/ingest/avro/plain-json/json-scanner.ts';
import { rangeOf } from '../../../../../functions/ingest/bytes/byte-range.ts';
import { fields } from '../../../../support/avro.ts';
import { everyKindPlan } from '../../../../support/kinds.ts';
import { within } from '../../../../support/within.ts';

const plan = everyKindPlan();
const scanner = new JsonScanner(plan);
const indexOf = (name: string): number => plan.fields.findIndex((field) => field.name === name);

/** Scans a value between bytes of others; gives the message of its failure, or null. */
const failureOf = (value: string | Buffer): string | null => {
  try {
    scanner.scan(within(Buffer.from(value as string)));
    return null;
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error;
    return error.message;
  }
};

test('a scan leaves the kind and the place of each value', () => {
  const value = Buffer.from(
    '{ "referrer":"a\\nb","rank" :-12, "active":true,"labels":{"k":"v"},"size":null}',
  );
  scanner.scan(rangeOf(value));
  const tokens = (name: string) => [
    ...scanner.tokens.subarray(3 * indexOf(name), 3 * indexOf(name) + 3),
  ];
  const [, start = 0, inverted = 0] = tokens('referrer');
  strictEqual(tokens('referrer')[0], token.text);
  ok(inverted < 0);
  strictEqual(textOf(value, start, ~inverted), 'a\nb');
  deepStrictEqual(tokens('rank'), [token.number, value.indexOf('-12'), value.indexOf('-12') + 3]);
  strictEqual(tokens('active')[0], token.true);
  deepStrictEqual(tokens('labels'), [token.entries, 0, 4]);
  const key = value.indexOf('"k"') + 1;
  deepStrictEqual(scanner.entries, [key, key + 1, key + 4, key + 5]);
  strictEqual(tokens('size')[0], token.null);
  strictEqual(tokens('page')[0], token.absent);
});

const valid = JSON.stringify({ ...fields({ metadata: { a: 'b', ü: '🦊' } }) });

test('white space may stand between all parts, and behind the value', () => {
  strictEqual(failureOf(`${valid}\r\n`), null);
  strictEqual(failureOf(JSON.stringify(JSON.parse(valid), null, '\t ')), null);
  strictEqual(failureOf('{ }'), null);
});

test('a value that is cut off anywhere is told to be cut off', () => {
  const bytes = Buffer.from(valid);
  for (let length = 1; length < bytes.length; length += 1) {
    const failure = failureOf(bytes.subarray(0, length));
    // Half a character is told as such where the text around it was read.
    strictEqual(failure, 'looks like JSON that is cut off at its end', `${length} bytes`);
  }
});

for (const [what, value, failure] of [
  ['a key without quotes', '{user_id:1}', 'breaks at byte 1: a text in quotes is missing'],
  ['single quotes', "{'user_id':1}", 'breaks at byte 1: a text in quotes is missing'],
  ['a comma at the end', '{"rank":1,}', 'breaks at byte 10: a text in quotes is missing'],
  ['no colon', '{"rank" 1}', 'breaks at byte 8: a colon is missing'],
  ['no comma', '{"rank":1 "count":2}', 'breaks at byte 10: a comma or } is missing'],
  ['no value', '{"rank":,"count":2}', 'breaks at byte 8: a value is missing'],
  ['a word that JSON has not', '{"active":yes}', 'breaks at byte 10: a value is missing'],
  ['NaN', '{"price":NaN}', 'breaks at byte 9: a value is missing'],
  ['half a word', '{"active":trap}', 'breaks at byte 12: a value is missing'],
  ['a zero before a number', '{"rank":01}', 'breaks at byte 9: a comma or } is missing'],
  ['a plus before a number', '{"rank":+1}', 'breaks at byte 8: a value is missing'],
  ['a minus alone', '{"rank":-}', 'breaks at byte 9: a digit is missing'],
  ['a dot at the end of a number', '{"price":1.}', 'breaks at byte 11: a digit is missing'],
  ['an exponent without digits', '{"price":1e+}', 'breaks at byte 12: a digit is missing'],
  ['a hexadecimal number', '{"rank":0x1}', 'breaks at byte 9: a comma or } is missing'],
  ['bytes behind the value', '{"rank":1}{', 'breaks at byte 10: bytes follow its end'],
  ['a zero byte behind the value', '{"rank":1}\0', 'breaks at byte 10: bytes follow its end'],
  ['a comment', '{/**/"rank":1}', 'breaks at byte 1: a text in quotes is missing'],
  [
    'a tab within a text',
    '{"page":"\t"}',
    'breaks at byte 9: a text has a control character that is not escaped',
  ],
  [
    'an escape that JSON has not',
    '{"page":"\\x41"}',
    'breaks at byte 9: a text has an unknown escape',
  ],
  [
    'an escape of three digits',
    '{"page":"\\u123g"}',
    'breaks at byte 14: a text has an unknown escape',
  ],
  [
    'the first half of a surrogate pair',
    '{"page":"\\ud800 "}',
    'breaks at byte 9: a text has half a surrogate pair',
  ],
  [
    'the second half of a surrogate pair',
    '{"page":"\\udc00"}',
    'breaks at byte 9: a text has half a surrogate pair',
  ],
  [
    'two first halves of surrogate pairs',
    '{"page":"\\ud800\\ud800"}',
    'breaks at byte 9: a text has half a surrogate pair',
  ],
] as const)
  test(`${what} breaks JSON, and it is told where`, () => {
    strictEqual(failureOf(value), `looks like JSON, and ${failure}`);
  });

for (const [what, value, failure] of [
  [
    'a key that is no field',
    '{"rank":1,"x":1}',
    'is JSON with a key that is no field of an event, at byte 10',
  ],
  [
    'a key of another case',
    '{"Rank":1}',
    'is JSON with a key that is no field of an event, at byte 1',
  ],
  ['an empty key', '{"":1}', 'is JSON with a key that is no field of an event, at byte 1'],
  ['__proto__', '{"__proto__":{}}', 'is JSON with a key that is no field of an event, at byte 1'],
  ['a key twice', '{"rank":1,"rank":1}', 'is JSON with rank twice, at byte 10'],
  [
    'a key twice, once with escapes',
    '{"rank":1,"r\\u0061nk":1}',
    'is JSON with rank twice, at byte 10',
  ],
  ['a number for a uuid', '{"user_id":1}', 'is JSON whose user_id is not a text, at byte 11'],
  ['a null for a uuid', '{"user_id":null}', 'is JSON whose user_id is not a text, at byte 11'],
  [
    'true for a time',
    '{"seen_at":true}',
    'is JSON whose seen_at is not a number of milliseconds or a time as text, at byte 11',
  ],
  ['a text for an int', '{"rank":"1"}', 'is JSON whose rank is not a whole number, at byte 8'],
  [
    'a text for a boolean',
    '{"active":"true"}',
    'is JSON whose active is not true or false, at byte 10',
  ],
  [
    'a number for a boolean',
    '{"active":1}',
    'is JSON whose active is not true or false, at byte 10',
  ],
  ['a text for a double', '{"price":"1"}', 'is JSON whose price is not a number, at byte 9'],
  ['a list for bytes', '{"token":[1]}', 'is JSON whose token is not a text in base64, at byte 9'],
  [
    'a list for a map',
    '{"metadata":[]}',
    'is JSON whose metadata is not an object of texts, at byte 12',
  ],
  [
    'a text for a map',
    '{"metadata":"{}"}',
    'is JSON whose metadata is not an object of texts, at byte 12',
  ],
  [
    'a number in a map',
    '{"metadata":{"a":1}}',
    'is JSON whose metadata is not an object of texts, at byte 17',
  ],
  [
    'a null in a map',
    '{"metadata":{"a":null}}',
    'is JSON whose metadata is not an object of texts, at byte 17',
  ],
  [
    'an object in a map',
    '{"metadata":{"a":{}}}',
    'is JSON whose metadata is not an object of texts, at byte 17',
  ],
  [
    'an object around a text',
    '{"page":{"string":"a"}}',
    'is JSON whose page is not a text, at byte 8',
  ],
] as const)
  test(`${what} is told as such`, () => {
    strictEqual(failureOf(value), failure);
  });

test('an alias stands for its field, and beside its name it is the field twice', () => {
  const renamed = new JsonScanner({
    ...plan,
    fields: plan.fields.map((field) =>
      field.name === 'rank' ? { ...field, aliases: ['place'] } : field,
    ),
  });
  const scan = (text: string): void => renamed.scan(rangeOf(Buffer.from(text)));
  scan('{"place":1}');
  strictEqual(renamed.tokens[3 * indexOf('rank')], token.number);
  try {
    scan('{"place":1,"rank":1}');
    ok(false);
  } catch (error) {
    ok(error instanceof DecodeFailure);
    strictEqual(error.message, 'is JSON with rank twice, at byte 11');
  }
});

test('bytes in a text that are not UTF-8 are told', () => {
  for (const hex of ['ff', 'c080', 'eda080', 'f09f', 'f4908080'])
    strictEqual(
      failureOf(
        Buffer.concat([Buffer.from('{"page":"'), Buffer.from(hex, 'hex'), Buffer.from('"}')]),
      ),
      'looks like JSON, and is not UTF-8',
    );
});

test('objects in objects are refused at the first that is too deep, however many there are', () => {
  const depth = 100_000;
  strictEqual(
    failureOf(`{"metadata":${'{"a":'.repeat(depth)}`),
    'is JSON whose metadata is not an object of texts, at byte 17',
  );
  strictEqual(
    failureOf(`{"page":${'['.repeat(depth)}`),
    'is JSON whose page is not a text, at byte 8',
  );
});

test('what a scan takes, JSON.parse takes, and what JSON.parse refuses, a scan refuses', () => {
  const isJson = (value: Buffer): boolean => {
    try {
      JSON.parse(value.toString());
      return true;
    } catch {
      return false;
    }
  };
  const changes = fc.array(
    fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('{}[]":,\\u0eE+-. tn\0'))),
    { maxLength: 3 },
  );
  let taken = 0;
  fc.assert(
    fc.property(changes, (given) => {
      const value = Buffer.from(valid);
      for (const [at, byte] of given) value[1 + (at % (value.length - 1))] = byte;
      if (failureOf(value) !== null) return;
      taken += 1;
      ok(isJson(value));
    }),
    { numRuns: 3000, seed: 1 },
  );
  ok(taken > 0);
});
