import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { isFileName, keyOf } from '../../../functions/operate/protocol.ts';

test('a run’s file has the run’s id in its key, below the one prefix that the role may read', () => {
  deepStrictEqual(keyOf('an-id', 'out.json'), 'runs/an-id/out.json');
});

test('a name is of a file in the run’s folder, and leads nowhere else', () => {
  for (const name of ['out.json', '.further-lines.jsonl', 'a b', 'résumé', '...'])
    deepStrictEqual(isFileName(name), true, name);
  for (const name of ['', '.', '..', '/etc/passwd', '../x', 'a/b', 'a\\b', 'a\0'])
    deepStrictEqual(isFileName(name), false, name);
});
