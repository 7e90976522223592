import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { commitOf } from '../../infra/release.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';
import manifest from '../../package.json' with { type: 'json' };
import { matrix, stage, templateOf } from '../support/stages.ts';
import { testApp } from '../support/test-app.ts';

type Outputs = Readonly<Record<string, { readonly Value: unknown; readonly Description: string }>>;
const outputsOf = (given: object): Outputs => templateOf(given).toJSON()['Outputs'];
const values = (given: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(outputsOf(given)).map(([id, { Value }]) => [id, Value]));

test('the stack’s outputs name the function, its log, the mapping, the dashboard, where failed batches go, the tables, and what was deployed', () => {
  deepStrictEqual(values(stage()), {
    FunctionName: { Ref: 'IngestFunctionB02ED0EB' },
    LogGroupName: { Ref: 'IngestLog9526980E' },
    MappingId: { 'Fn::GetAtt': ['SourceMapping97F360AD', 'Id'] },
    DashboardName: { Ref: 'Dashboard7A714131' },
    OnFailureDestination: { Ref: 'FailedBatches983C92EC' },
    TableNames:
      'user_events.user_events,user_events.partition_watermarks,user_events.rejected_events,user_events.operations',
    Version: `${manifest.version} (${commitOf()})`,
  });
});

test('a stage with operations also names their function and the bucket of their files', () => {
  const { OperateFunctionName, OperateBucketName } = values(
    stage('msk-iam', 'keyspaces', 'internet', { operate: true }),
  );
  deepStrictEqual(
    [OperateFunctionName, OperateBucketName].map((one) => Object.keys(Object(one))),
    [['Ref'], ['Ref']],
  );
});

test('a destination is shown as its service names it, and none where batches go nowhere', () => {
  const shown = (onFailure: object, mapping: object = {}) =>
    values(stage('msk-iam', 'keyspaces', 'internet', { onFailure, mapping }))[
      'OnFailureDestination'
    ];
  deepStrictEqual(shown({ kind: 'topic', topic: 'failed' }), 'kafka://failed');
  deepStrictEqual(shown({ kind: 'sqs' }), { Ref: 'FailedBatches983C92EC' });
  deepStrictEqual(shown({ kind: 'none' }, { retryAttempts: -1 }), undefined);
});

test('every stage has outputs of the same names, so that a runbook’s commands work for all', () => {
  for (const given of Object.values(matrix).flat()) {
    const {
      OnFailureDestination: _,
      OperateFunctionName,
      OperateBucketName,
      ...named
    } = values(given);
    const { operate = false } = given as { operate?: boolean };
    deepStrictEqual([OperateFunctionName, OperateBucketName].every(Boolean), operate);
    deepStrictEqual(Object.keys(named).sort(), [
      'DashboardName',
      'FunctionName',
      'LogGroupName',
      'MappingId',
      'TableNames',
      'Version',
    ]);
  }
});

test('no page asks for a name that the stack’s outputs tell', () => {
  for (const page of ['README.md', 'docs/deploy.md', 'docs/operations.md', 'docs/schemas.md']) {
    const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8');
    deepStrictEqual(text.match(/<(function|mapping|dashboard|bucket|queue)>/g), null, page);
    for (const [, output = ''] of text.matchAll(/\$\(output (\w+)\)/g))
      ok(Object.hasOwn(outputsOf(stage()), output), `${page} asks for the output ${output}`);
  }
});

test('a stage can have its stack protected from being deleted, and is not unless it says so', () => {
  const protection = (settings: object) =>
    new UserEventsStack(
      testApp(),
      readDeployConfig('test', stage('msk-iam', 'keyspaces', 'internet', settings)),
    ).terminationProtection;
  deepStrictEqual(protection({}), false);
  deepStrictEqual(protection({ terminationProtection: true }), true);
});
