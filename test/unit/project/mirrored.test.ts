import { deepStrictEqual } from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename } from 'node:path';
import { test } from 'node:test';
import { loadedBy } from '../../support/imports.ts';

/** Files without a test of their name: where they are tested instead, or why they are not. */
const exceptions: Readonly<Record<string, string>> = {
  'ingest/avro/configured-decoder.ts': 'puts two functions together, each of which has a test',
  'ingest/avro/decode-failure.ts': 'a class that holds a message',
  'ingest/cassandra/batch/send-batch.ts': 'test/integration/write-batch.test.ts',
  'ingest/handler.ts': 'test/infra/bundle.test.ts',
  'ingest/pipeline/errors.ts': 'classes that hold a message',
  'ingest/settings/config-error.ts': 'test/unit/ingest/settings/read-settings.test.ts',
  'ingest/settings/variable.ts': 'test/unit/ingest/settings/read-settings.test.ts',
  'produce/handler.ts': 'test/integration/produce.test.ts',
};

/** Whether a file does something when it is called: types, constants and files that only pass on exports do not. */
const hasLogic = (file: string): boolean => {
  const code = stripTypeScriptTypes(readFileSync(`functions/${file}`, 'utf8'));
  return /=>|\bfunction\b|\bclass\b/.test(code.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''));
};

/** A test of a file lies at the same path; or, where it needs servers, in test/integration under the same name. */
const hasTest = (file: string): boolean => {
  const integration = `test/integration/${basename(file, '.ts')}.test.ts`;
  return (
    existsSync(`test/unit/${file.replace(/\.ts$/, '.test.ts')}`) ||
    (existsSync(integration) && loadedBy(integration).has(`functions/${file}`))
  );
};

const files = globSync('**/*.ts', { cwd: 'functions', exclude: ['**/*.d.ts'] }).toSorted();

test('each file of functions with logic has a test of its name', () => {
  const without = files.filter((file) => hasLogic(file) && !hasTest(file) && !(file in exceptions));
  deepStrictEqual(without, [], 'write the test, or name the test that covers the file above');
});

test('each exception is a file with logic and without a test of its name, and the test that stands for it is there', () => {
  const wrong = Object.entries(exceptions).filter(
    ([file, instead]) =>
      !files.includes(file) ||
      !hasLogic(file) ||
      hasTest(file) ||
      (instead.startsWith('test/') && !existsSync(instead)),
  );
  deepStrictEqual(wrong, []);
});
