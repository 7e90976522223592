import { deepStrictEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import cdk from '../../cdk.json' with { type: 'json' };
import { sharedWithOtherStages } from '../../infra/config/other-stages.ts';
import { readDeployConfig, readOtherStages } from '../../infra/config/read-deploy-config.ts';
import { sinks, sources, stage } from '../support/stages.ts';

/** Lists the warnings of a stage when `other` stands beside it in cdk.json. */
const told = (given: object, other: object): readonly string[] =>
  sharedWithOtherStages(
    readDeployConfig('given', given),
    readOtherStages('given', { given, other }),
  ).map(([name]) => name);

const another = { stackName: 'another', consumerGroup: 'another-group' };

test('two stages that make tables in one keyspace of one account and region are told of it', () => {
  deepStrictEqual(told(stage(), { ...stage(), ...another }), ['shared-keyspace']);
  const [[, text = ''] = []] = sharedWithOtherStages(
    readDeployConfig('given', stage()),
    readOtherStages('given', { other: { ...stage(), ...another } }),
  );
  match(text, /of stage other too.* fails with "already exists".* sink\.tables\.create false/);
});

test('another keyspace, account or region, or tables that only one of them makes, are no conflict', () => {
  for (const change of [
    { sink: { ...sinks.keyspaces, keyspace: 'another' } },
    { sink: { ...sinks.keyspaces, tables: { create: false } } },
    { sink: sinks.cassandra },
    {
      account: '999999999999',
      source: { ...sources['scram-256'] },
    },
  ])
    deepStrictEqual(told(stage(), { ...stage(), ...another, ...change }), []);
});

test('two stages that read one topic of the same brokers in one group are told that each gets a part', () => {
  const own = { stackName: 'another', sink: { ...sinks.keyspaces, keyspace: 'another' } };
  deepStrictEqual(told(stage(), { ...stage(), ...own }), ['shared-group']);
  deepStrictEqual(told(stage(), { ...stage('msk-scram'), ...own }), ['shared-group']);
  const one = { ...sources['scram-256'], bootstrapServers: ['kafka-2.example.org:9096'] };
  deepStrictEqual(told(stage('scram-256'), { ...stage('scram-256'), ...own, source: one }), [
    'shared-group',
  ]);
  deepStrictEqual(told(stage(), { ...stage('scram-256'), ...own }), []);
  deepStrictEqual(told(stage(), { ...stage(), ...own, topic: 'another' }), []);
});

test('two descriptions of one stack, and a stage that is wrong, are no conflict', () => {
  deepStrictEqual(told(stage(), stage()), []);
  deepStrictEqual(told(stage(), { ...stage(), ...another, account: 'wrong' }), []);
});

test('the stages of cdk.json do not get in each other’s way', () => {
  const { stages } = cdk.context;
  for (const [name, given] of Object.entries(stages))
    deepStrictEqual(
      sharedWithOtherStages(readDeployConfig(name, given), readOtherStages(name, stages)),
      [],
    );
});
