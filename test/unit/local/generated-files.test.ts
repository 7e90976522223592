import { strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { schemaFile } from '../../../events/files.ts';
import { generatedFiles } from '../../../local/generated-files.ts';

const root = join(import.meta.dirname, '../../..');
const committed = (path: string): string => readFileSync(join(root, path), 'utf8');

const files = await generatedFiles(JSON.parse(committed(join('events', schemaFile))));

for (const [path, text] of files)
  test(`${path} is what npm run generate writes`, () => {
    strictEqual(committed(path), text);
  });
