import { Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { functionTableNames } from '../schema/tables.ts';
import { BundledFunction } from './bundled-function.ts';
import { ingestEnvironment } from './config/function-environment.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import { grantDatabase } from './database-grants.ts';
import type { Network } from './network.ts';

interface IngestFunctionProps {
  readonly config: PipelineSettings;
  readonly network: Network | undefined;
  readonly key: IKey | undefined;
}

/** The function that writes the events, with its grants at the database. */
export class IngestFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { config, network, key }: IngestFunctionProps) {
    const { memory, timeoutSeconds, ...rest } = config.function;
    super(scope, id, {
      folder: 'ingest',
      description: 'Writes user events from Kafka to Cassandra',
      memory,
      timeout: Duration.seconds(timeoutSeconds),
      environment: ingestEnvironment(config, Stack.of(scope).region),
      ...rest,
      network,
      key,
    });
    grantDatabase(this, this.role, config, functionTableNames);
  }
}
