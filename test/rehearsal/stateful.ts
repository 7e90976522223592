import { isDeepStrictEqual } from 'node:util';

/**
 * The types that hold data or the position in a topic, each with the properties whose change replaces the resource: in
 * CloudFormation, or because AWS's API cannot update them. `Custom::CassandraTables` is not among them: its tables are in Cassandra,
 * and its deletion touches no table.
 */
const stateful: Readonly<Record<string, readonly string[]>> = {
  'AWS::Cassandra::Keyspace': ['KeyspaceName'],
  'AWS::Cassandra::Table': [
    'KeyspaceName',
    'TableName',
    'PartitionKeyColumns',
    'ClusteringKeyColumns',
  ],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::KMS::Key': [],
  'AWS::Lambda::EventSourceMapping': [
    'EventSourceArn',
    'SelfManagedEventSource',
    'StartingPosition',
    'StartingPositionTimestamp',
    'Topics',
    'FunctionName',
  ],
  'AWS::MSK::Cluster': ['ClusterName', 'BrokerNodeGroupInfo'],
};

/** Tells whether a resource of this type loses data when it is replaced or deleted. */
export const isStateful = (type: string): boolean => Object.hasOwn(stateful, type);

interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface StackTemplate {
  readonly Resources: Record<string, TemplateResource>;
}

/** Lists the losses of an upgrade: a sentence for each resource that is replaced, deleted or no longer kept. */
export const whatAnUpgradeLoses = (before: StackTemplate, now: StackTemplate): string[] =>
  Object.entries(before.Resources)
    .filter(([, { Type }]) => isStateful(Type))
    .flatMap(([id, old]) => {
      const what = `${id} (${old.Type})`;
      const found = now.Resources[id] ?? sameTables(now, old);
      if (found?.Type !== old.Type) return [`${what} is gone`];
      const kept = ({ DeletionPolicy = 'Delete' }: TemplateResource) =>
        /^Retain/.test(DeletionPolicy);
      return [
        ...(stateful[old.Type] ?? [])
          .filter(
            (name) =>
              !isDeepStrictEqual(propertyOf(before, old, name), propertyOf(now, found, name)),
          )
          .map((name) => `${what} has another ${name}`),
        ...(kept(old) && !kept(found) ? [`${what} is no longer kept`] : []),
      ];
    });

/** Finds the custom resource of the tables in the other template. It has another id for each definition, and holds no data itself. */
const sameTables = ({ Resources }: StackTemplate, { Type }: TemplateResource) =>
  Type === 'Custom::CassandraTables'
    ? Object.values(Resources).find((one) => one.Type === Type)
    : undefined;

/** Gives the value of a property; a reference to a keyspace becomes its name. */
const propertyOf = (
  { Resources }: StackTemplate,
  resource: TemplateResource,
  name: string,
): unknown => {
  const value = resource.Properties?.[name];
  const id = (value as { Ref?: string } | undefined)?.Ref ?? '';
  return Resources[id]?.Properties?.['KeyspaceName'] ?? value;
};
