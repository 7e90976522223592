import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { bareLayouts } from '../functions/ingest/avro/bare-layouts.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { olderBare } from '../functions/ingest/schema-registry/create-registry.ts';
import { eventPlan } from '../schema/event-plan.ts';
import { createTables } from '../schema/tables.ts';
import { CassandraTables } from './cassandra-tables.ts';
import { settingsOfFunction } from './config/function-environment.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import { KeyspacesTables } from './keyspaces-tables.ts';
import type { Network } from './network.ts';

const secondsOfADay = 86_400;

/**
 * Creates the tables that the function's settings ask for; null if the stage leaves them to others.
 * @throws {EventPlanError | SchemaError} if they and the schemas of events do not fit together: the function would not start.
 */
export const tables = (
  scope: Construct,
  config: PipelineSettings,
  options: {
    readonly removalPolicy: RemovalPolicy;
    readonly network: Network | undefined;
    readonly key: IKey | undefined;
  },
): Construct | null => {
  const { sink } = config;
  const settings = settingsOfFunction(config);
  bareLayouts(new EventLayout(eventPlan(settings)), olderBare, settings.wireFormat);
  if (!sink.tables.create) return null;
  const { userEventsTtlDays } = sink.tables;
  const statements = createTables({
    ...settings,
    userEventsTtlSeconds:
      userEventsTtlDays === undefined ? undefined : userEventsTtlDays * secondsOfADay,
  });
  return sink.kind === 'keyspaces'
    ? new KeyspacesTables(scope, 'Tables', { sink, statements, ...options })
    : new CassandraTables(scope, 'Tables', { config, sink, statements, ...options });
};
