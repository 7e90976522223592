import { match, notStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FixedSettings,
  mappingName,
} from '../../../functions/check-mapping/mapping-change.ts';

const settings: FixedSettings = {
  Topic: 'user-events',
  ConsumerGroup: 'to-cassandra',
  StartingPosition: 'trim-horizon',
  Source: 'arn:aws:kafka:eu-west-1:111122223333:cluster/a/1',
  Generation: '7',
};

test('a mapping’s name begins with its generation, and the same settings give the same name', () => {
  match(mappingName(settings), /^mapping-7-[0-9a-f]{32}$/);
  strictEqual(mappingName({ ...settings }), mappingName(settings));
});

test('each setting that AWS cannot change is part of a mapping’s name', () => {
  for (const key of Object.keys(settings))
    notStrictEqual(mappingName({ ...settings, [key]: 'other' }), mappingName(settings), key);
});

test('settings whose texts only run together differently give different names', () => {
  notStrictEqual(
    mappingName({ ...settings, Topic: 'a', ConsumerGroup: 'bc' }),
    mappingName({ ...settings, Topic: 'ab', ConsumerGroup: 'c' }),
  );
});
