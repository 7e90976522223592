import { deepStrictEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { removalFrom } from '../../../../../cli/redrive/sources/removal.ts';

const run = async (removes: boolean) => {
  const unread: string[] = [];
  const gone: string[] = [];
  const removal = removalFrom({ place: 'a-folder', removes }, unread);
  removal.remove('a.json', async () => gone.push('a.json'));
  removal.remove('b.json', async () => {
    throw Object.assign(new Error('not yours'), { name: 'AccessDenied' });
  });
  return { says: await removal.end(), unread, gone };
};

test('the end of a removal tells how many batches are gone, and what could not be removed', async () => {
  const { says, unread, gone } = await run(true);
  match(says, /^1 batch was removed from a-folder, .* The others stay\.$/);
  deepStrictEqual(unread, ['b.json could not be removed (AccessDenied: not yours)']);
  deepStrictEqual(gone, ['a.json']);
});

test('where nothing is to be removed everything stays, and the sentence says what removes it', async () => {
  const { says, unread, gone } = await run(false);
  match(says, /^The batches in a-folder stay\. .* --remove removes them\.$/);
  deepStrictEqual([unread, gone], [[], []]);
});
