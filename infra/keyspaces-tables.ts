import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnKeyspace, CfnTable } from 'aws-cdk-lib/aws-cassandra';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { parseTable, type TableDefinition } from '../schema/table-definition.ts';
import { operationsTable } from '../schema/tables.ts';
import type { KeyspacesSink } from './config/sink.ts';

export interface KeyspacesTablesProps {
  readonly sink: KeyspacesSink;
  /** The CREATE TABLE statements of `schema/tables.ts`. */
  readonly statements: readonly string[];
  readonly removalPolicy: RemovalPolicy;
  readonly key: IKey | undefined;
}

/**
 * The keyspace and its tables on Amazon Keyspaces. Client-side timestamps stay off: they cannot be switched off
 * again, refuse clocks that are five minutes fast, and add to each row's size. Without them the later write wins, as
 * it should (docs/decisions/0008).
 */
export class KeyspacesTables extends Construct {
  constructor(scope: Construct, id: string, props: KeyspacesTablesProps) {
    super(scope, id);
    const { sink, statements, removalPolicy } = props;
    const keyspace = new CfnKeyspace(this, 'Keyspace', { keyspaceName: sink.keyspace });
    keyspace.applyRemovalPolicy(removalPolicy);
    for (const statement of statements) {
      const definition = parseTable(statement);
      const table = new CfnTable(this, definition.name, {
        // A static name, not a reference: only by a static name can CloudFormation adopt an existing table.
        keyspaceName: sink.keyspace,
        ...columns(definition),
        ...options(definition, props),
      });
      table.applyRemovalPolicy(removalPolicy);
      table.addResourceDependency(keyspace);
    }
  }
}

const columns = ({ name, columns: all, partitionKey, clusteringKey }: TableDefinition) => {
  const column = (columnName: string) => ({
    columnName,
    columnType: all.find((one) => one.name === columnName)?.type ?? '',
  });
  const keys = new Set([...partitionKey, ...clusteringKey.map((one) => one.name)]);
  return {
    tableName: name,
    partitionKeyColumns: partitionKey.map(column),
    ...(clusteringKey.length === 0
      ? {}
      : {
          clusteringKeyColumns: clusteringKey.map((one) => ({
            column: column(one.name),
            orderBy: one.order,
          })),
        }),
    regularColumns: all.filter((one) => !keys.has(one.name)).map((one) => column(one.name)),
  };
};

const options = (
  { name, defaultTtlSeconds }: TableDefinition,
  { sink: { tables }, key }: KeyspacesTablesProps,
) => ({
  ...(defaultTtlSeconds === 0 ? {} : { defaultTimeToLive: defaultTtlSeconds }),
  // Checkpoints and tasks are worth nothing after a restore to an earlier time.
  pointInTimeRecoveryEnabled:
    tables.pointInTimeRecovery && name !== 'partition_watermarks' && name !== operationsTable,
  encryptionSpecification:
    key === undefined
      ? { encryptionType: 'AWS_OWNED_KMS_KEY' }
      : { encryptionType: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyIdentifier: key.keyArn },
  // Nobody writes to it for days, and then a task writes as fast as it may.
  ...capacity(name === operationsTable ? 'on-demand' : tables.capacity),
});

type Capacity = KeyspacesSink['tables']['capacity'];
type Units = Exclude<Capacity, 'on-demand'>['read'];

const capacity = (given: Capacity) =>
  given === 'on-demand'
    ? { billingMode: { mode: 'ON_DEMAND' } }
    : {
        billingMode: {
          mode: 'PROVISIONED',
          provisionedThroughput: {
            readCapacityUnits: given.read.minimum,
            writeCapacityUnits: given.write.minimum,
          },
        },
        autoScalingSpecifications: {
          readCapacityAutoScaling: autoScaling(given.read),
          writeCapacityAutoScaling: autoScaling(given.write),
        },
      };

const autoScaling = ({ minimum, maximum, targetPercent }: Units) => ({
  autoScalingDisabled: false,
  minimumUnits: minimum,
  maximumUnits: maximum,
  scalingPolicy: { targetTrackingScalingPolicyConfiguration: { targetValue: targetPercent } },
});
