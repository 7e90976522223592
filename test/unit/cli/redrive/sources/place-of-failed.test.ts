import { deepStrictEqual, throws } from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { failedPlaceOf } from '../../../../../cli/redrive/sources/place-of-failed.ts';
import type { Stack } from '../../../../../cli/target/stack.ts';
import type { Target } from '../../../../../cli/target/target.ts';

const target = (given: { onFailure?: string; folder?: string }): Target =>
  ({
    name: 'stage prod',
    stack: given.onFailure === undefined ? null : ({ onFailure: given.onFailure } as Stack),
    onFailureFolder: given.folder ?? null,
  }) as Target;
const named = (text: string) => failedPlaceOf(text, target({}), '--from-failed');

test('a place is a folder, a bucket with a prefix, a queue or a topic', () => {
  deepStrictEqual(named('failed'), { kind: 'folder', folder: resolve('failed') });
  deepStrictEqual(named('s3://a-bucket'), { kind: 'bucket', bucket: 'a-bucket', prefix: '' });
  deepStrictEqual(named('s3://a-bucket/2026/11'), {
    kind: 'bucket',
    bucket: 'a-bucket',
    prefix: '2026/11',
  });
  const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/failed';
  deepStrictEqual(named(url), { kind: 'queue', url });
  deepStrictEqual(named('kafka://failed'), { kind: 'topic', topic: 'failed' });
});

test('another text is refused with what a place is', () => {
  for (const text of ['ftp://x', 's3://UPPER', 'kafka://', 'kafka://a/b'])
    throws(() => named(text), /s3:\/\/<bucket>\/<prefix>.*\(given "/);
});

test('without a name it is the folder of this machine, or the one of the stack’s outputs', () => {
  const of = (given: Parameters<typeof target>[0]) =>
    failedPlaceOf(true, target(given), '--on-failure');
  deepStrictEqual(of({ folder: '/failed' }), { kind: 'folder', folder: '/failed' });
  deepStrictEqual(of({ onFailure: 'a-bucket' }), {
    kind: 'bucket',
    bucket: 'a-bucket',
    prefix: '',
  });
  deepStrictEqual(of({ onFailure: 'kafka://failed' }), { kind: 'topic', topic: 'failed' });
  throws(() => of({}), /^UserFacingError: stage prod names no .* name it by --on-failure <place>/);
});
