import { deepStrictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { beforeNames, exampleDatabase, fileOf, stageOf } from '../rehearsal/before.ts';
import { type StackTemplate, whatAnUpgradeLoses } from '../rehearsal/stateful.ts';
import { templateOf } from '../support/stages.ts';

const before = (name: (typeof beforeNames)[number]): StackTemplate =>
  JSON.parse(readFileSync(fileOf(name), 'utf8'));

for (const name of beforeNames)
  test(`an upgrade of stage ${name} keeps each table, bucket, queue, key and mapping of the version before`, () => {
    const now = templateOf(stageOf(name, exampleDatabase)).toJSON() as StackTemplate;
    deepStrictEqual(whatAnUpgradeLoses(before(name), now), []);
  });

test('a table of another name, a bucket that is not there and a mapping of another topic are losses', () => {
  const old = before('prod');
  const changed = structuredClone(old);
  const { Resources } = changed;
  Object.assign(Resources['Tablesuserevents6408E4B5']?.Properties ?? {}, { TableName: 'events' });
  Object.assign(Resources['SourceMapping97F360AD']?.Properties ?? {}, { Topics: ['another'] });
  delete Resources['FailedBatches983C92EC'];
  deepStrictEqual(whatAnUpgradeLoses(old, changed), [
    'Tablesuserevents6408E4B5 (AWS::Cassandra::Table) has another TableName',
    'FailedBatches983C92EC (AWS::S3::Bucket) is gone',
    'SourceMapping97F360AD (AWS::Lambda::EventSourceMapping) has another Topics',
  ]);
});

test('a resource that was kept when a stack goes, and no longer is, is a loss', () => {
  const old = before('own-key');
  const changed = structuredClone(old);
  Object.assign(changed.Resources['Key961B73FD'] ?? {}, { DeletionPolicy: 'Delete' });
  Object.assign(changed.Resources['FailedBatches983C92EC'] ?? {}, {
    DeletionPolicy: 'RetainExceptOnCreate',
  });
  deepStrictEqual(whatAnUpgradeLoses(old, changed), [
    'Key961B73FD (AWS::KMS::Key) is no longer kept',
  ]);
});
