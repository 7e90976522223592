import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { targetWords } from '../../../../cli/operate/target-words.ts';

test('the options that name a pipeline are written as words, and others are left out', () => {
  deepStrictEqual(targetWords({}), []);
  deepStrictEqual(
    targetWords({
      ...{ stage: 'prod', stages: 'a.json', region: 'eu-west-1', keyspace: 'k', group: 'g' },
      ...{ topic: 't', json: true },
    } as Parameters<typeof targetWords>[0]),
    [
      ...['--stage', 'prod', '--stages', 'a.json', '--region', 'eu-west-1'],
      ...['--keyspace', 'k', '--group', 'g', '--topic', 't'],
    ],
  );
  deepStrictEqual(targetWords({ stack: 'a/b' }), ['--stack', 'a/b']);
  deepStrictEqual(targetWords({ local: true }), ['--local']);
  deepStrictEqual(targetWords({ local: false }), []);
});
