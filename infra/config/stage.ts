import type * as z from 'zod';
import { consumerGroupName } from '../../functions/ingest/settings/kafka.ts';
import { alarms } from './alarms.ts';
import { environment } from './environment.ts';
import { functionSettings } from './function.ts';
import { mapping } from './mapping.ts';
import { network } from './network.ts';
import { onFailure, topicName } from './on-failure.ts';
import { flag, oneOf, settings, text } from './rules.ts';
import { schemaRegistry } from './schema-registry.ts';
import { sink } from './sink.ts';
import { source } from './source.ts';

/** The settings of one stage in `cdk.json`'s context. docs/configuration.md is made of them. */
export const stageSettings = settings({
  stackName: text(
    'the stack’s name',
    'letters, digits and -, beginning with a letter',
    /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  ),
  account: text(
    'the account; only a demo may leave it out',
    'an account’s 12 digits, in quotes',
    /^\d{12}$/,
  ).optional(),
  region: text(
    'the region; only a demo may leave it out',
    'a region like eu-west-1',
    /^[a-z]{2,4}(-[a-z]+)+-\d$/,
  ).optional(),
  topic: topicName('the topic that is read'),
  consumerGroup: text(
    'the consumer group of the mapping and of the checkpoints; another group begins anew',
    consumerGroupName.rule,
    consumerGroupName.pattern,
  ),
  source,
  sink,
  schemaRegistry: schemaRegistry.optional(),
  mapping: mapping.prefault({}),
  onFailure: onFailure.prefault({ kind: 's3' }),
  network: network.optional(),
  function: functionSettings,
  environment,
  encryption: oneOf(
    'the key of the bucket or queue, the log, the variables and Keyspaces’ tables: AWS’s own, or one that the stack makes',
    ['aws', 'own-key'],
  ).default('aws'),
  removal: oneOf('keep or delete tables, bucket and key when the stack is deleted', [
    'retain',
    'destroy',
  ]).default('retain'),
  terminationProtection: flag(
    'have CloudFormation refuse to delete the stack, until a deploy with false',
  ).default(false),
  alarms,
});

/** A stage that has been checked, with what it leaves out filled in. */
export type DeployConfig = z.output<typeof stageSettings>;
