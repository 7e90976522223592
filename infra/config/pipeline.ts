import type * as z from 'zod';
import { consumerGroupName } from '../../functions/ingest/settings/kafka.ts';
import { alarms } from './alarms.ts';
import { environment } from './environment.ts';
import { functionSettings } from './function.ts';
import { mapping } from './mapping.ts';
import { openings } from './network.ts';
import { onFailure, topicName } from './on-failure.ts';
import { flag, oneOf, settings, text } from './rules.ts';
import { schemaRegistry } from './schema-registry.ts';
import { sink } from './sink.ts';
import { cluster } from './source.ts';

/** The name of the topic and of its readers. */
export const read = {
  topic: topicName('the topic that is read'),
  consumerGroup: text(
    'the consumer group of the mapping and of the checkpoints; another group begins anew',
    consumerGroupName.rule,
    consumerGroupName.pattern,
  ),
};

/** The settings of a pipeline that stand in a stage as they are. */
export const shared = {
  sink,
  schemaRegistry: schemaRegistry.optional(),
  mapping: mapping.prefault({}),
  onFailure: onFailure.prefault({ kind: 's3' }),
  function: functionSettings,
  environment,
  removal: oneOf('keep or delete tables, bucket and key when the stack is deleted', [
    'retain',
    'destroy',
  ]).default('retain'),
  alarms,
  operate: flag(
    'make the function that runs operations where the database is reached (`user-events … --via-function`), and a bucket for their files',
  ).default(false),
};

/** The settings that the construct is made of. */
export const pipelineSettings = settings({
  name: text(
    'the name of the dashboard, and of the pipeline in the names of its alarms and in its metrics',
    'letters, digits and -_, at most 128',
    /^[A-Za-z0-9_-]{1,128}$/,
  ),
  account: text('the stack’s account, if it is known at synth', 'an account', /^/).optional(),
  region: text('the stack’s region, if it is known at synth', 'a region', /^/).optional(),
  ...read,
  source: cluster,
  network: openings.optional(),
  ...shared,
});

/** The settings of a pipeline that have been checked, with what is left out filled in. A text may be a token of CDK's. */
export type PipelineSettings = z.output<typeof pipelineSettings>;
