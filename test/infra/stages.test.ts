import { deepStrictEqual, throws } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findStages } from '../../infra/stages.ts';

const folder = mkdtempSync(join(tmpdir(), 'stages-'));
after(() => rmSync(folder, { recursive: true }));

const fileWith = (content: string): string => {
  const file = join(folder, 'stages.json');
  writeFileSync(file, content);
  return file;
};

test('stages come from cdk.json, or from the file that the context names', () => {
  deepStrictEqual(findStages({ prod: {} }), { file: 'cdk.json', stages: { prod: {} } });
  deepStrictEqual(findStages(undefined), { file: 'cdk.json', stages: {} });
  const file = fileWith('{"own": {"topic": "events"}}');
  deepStrictEqual(findStages(file), { file, stages: { own: { topic: 'events' } } });
});

test('a file that is missing, that is no JSON, or that holds no object is refused with its name', () => {
  const missing = join(folder, 'missing.json');
  throws(() => findStages(missing), {
    message: new RegExp(`stages=${missing} must be a JSON file that can be read \\(ENOENT`),
  });
  const notJson = fileWith('{');
  throws(() => findStages(notJson), /must be a JSON file that can be read \(Expected property/);
  for (const content of ['[]', 'null', '7'])
    throws(() => findStages(fileWith(content)), /must be a file with an object of stages/);
});
