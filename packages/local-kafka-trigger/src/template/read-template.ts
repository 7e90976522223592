import { readFileSync } from 'node:fs';
import { defined } from '../defined.ts';
import type { EventSourceMappingOptions } from '../event-source-mapping.ts';
import type { FunctionOptions } from '../function/options.ts';
import type { StartingPosition } from '../mapping/options.ts';
import { TriggerError } from '../trigger-error.ts';
import { functionId, functionOf } from './function-of.ts';
import { type Known, knownIn, type Template } from './resolve.ts';

/** The mapping and the function of a template, as far as they are known before a deployment. */
export interface FromTemplate {
  readonly mapping: Omit<EventSourceMappingOptions, 'topic'> & { readonly topic?: string };
  readonly function: FunctionOptions;
  /** What was not resolved or is not emulated, a sentence each. */
  readonly notes: readonly string[];
}

type Properties = Readonly<Record<string, unknown>>;

/** The folder of what is given up, where the template names a destination. */
const onFailureFolder = 'on-failure';

const parts = (value: unknown): Properties => Object(value) as Properties;

/**
 * Reads the event source mapping of a Kafka topic, and its function, from a synthesised template.
 * @param wanted the function's logical id, where the template has several mappings.
 * @throws {TriggerError} where the file is no template, or has not one such mapping.
 */
export const readTemplate = (path: string, wanted?: string): FromTemplate => {
  const template = parse(path);
  const mappings = Object.values(template.Resources ?? {})
    .filter(
      ({ Type, Properties }) =>
        Type === 'AWS::Lambda::EventSourceMapping' && Properties?.['Topics'] !== undefined,
    )
    .map(({ Properties = {} }) => ({
      id: functionId(template, Properties['FunctionName']),
      properties: Properties,
    }));
  const chosen = mappings.filter(({ id }) => wanted === undefined || id === wanted);
  const [mapping, ...others] = chosen;
  if (mapping === undefined || others.length > 0)
    throw new TriggerError(
      `${path} has ${chosen.length === 0 ? 'no event source mapping of a Kafka topic' : `${chosen.length} event source mappings of Kafka topics`}` +
        `${wanted === undefined ? '' : ` for ${wanted}`}. Choose one by --function: ${mappings.map(({ id = '?' }) => id).join(', ') || 'there is none'}.`,
    );
  const notes: string[] = [];
  const tell = (sentence: string): void => void notes.push(sentence);
  const known = knownIn(template, tell);
  return {
    mapping: mappingOf(mapping.properties, known, tell),
    function: functionOf(template, path, mapping.id, known, tell),
    notes,
  };
};

const parse = (path: string): Template => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'), (_, value) =>
      value?.Ref === 'AWS::NoValue' ? undefined : value,
    ) as Template;
  } catch (error) {
    throw new TriggerError(
      `${path} cannot be read as a template in JSON, as cdk synth writes it: ${(error as Error).message}`,
    );
  }
};

const mappingOf = (
  properties: Properties,
  known: Known,
  tell: (sentence: string) => void,
): FromTemplate['mapping'] => {
  const property = (name: string): unknown =>
    known(name, properties[name], "AWS's default is used.");
  const number = (name: string): number | undefined => {
    const value = property(name);
    return value === undefined ? undefined : Number(value);
  };

  const managed = properties['AmazonManagedKafkaEventSourceConfig'];
  const own = parts(managed ?? properties['SelfManagedKafkaEventSourceConfig']);
  const [topic] = [known('The topic', properties['Topics'], 'Name it by --topic.') ?? []].flat();
  const group = known('The consumer group', own['ConsumerGroupId'], 'Name it by --group.');
  const endpoints = parts(parts(properties['SelfManagedEventSource'])['Endpoints']);
  const brokers = endpoints['KafkaBootstrapServers'];
  const arn = known(
    'The cluster',
    properties['EventSourceArn'],
    'The event has the ARN of a cluster that does not exist.',
  );
  const bootstrapServers = [
    known('The address of the brokers', brokers, 'Give it by --brokers.') ?? [],
  ]
    .flat()
    .map(String);
  const window = number('MaximumBatchingWindowInSeconds');
  const time = number('StartingPositionTimestamp');
  const destination = parts(parts(properties['DestinationConfig'])['OnFailure'])['Destination'];
  if (destination !== undefined)
    tell(
      `What is given up goes to the folder ${onFailureFolder}. Name another place by --on-failure.`,
    );
  const access = [properties['SourceAccessConfigurations'] ?? []].flat().map(parts);
  if (access.some(({ Type }) => !String(Type).startsWith('VPC_')))
    tell('The login of the mapping is not read. Give it by KAFKA_SASL, KAFKA_USERNAME and so on.');
  if (own['SchemaRegistryConfig'] !== undefined)
    tell(
      'The schema registry of the mapping is not emulated: keys and values come as the topic has them.',
    );
  if (properties['FilterCriteria'] !== undefined)
    tell('The filter of the mapping is not emulated: the function is given every record.');

  return {
    ...(topic !== undefined && { topic: String(topic) }),
    ...(properties['EventSourceArn'] !== undefined && {
      source: {
        kind: 'msk' as const,
        eventSourceArn: String(arn ?? 'arn:aws:kafka:eu-west-1:000000000000:cluster/local/0'),
        bootstrapServers: bootstrapServers.join(','),
      },
    }),
    ...defined({
      brokers: bootstrapServers.length > 0 ? bootstrapServers : undefined,
      consumerGroup: group === undefined ? undefined : String(group),
      consumptionMode: own['ConsumptionMode'] as 'Stream' | 'Queue' | undefined,
      batchSize: number('BatchSize'),
      maxBatchingWindowMs: window === undefined ? undefined : window * 1000,
      retryAttempts: number('MaximumRetryAttempts'),
      maxRecordAgeSeconds: number('MaximumRecordAgeInSeconds'),
      startingPosition: property('StartingPosition') as StartingPosition | undefined,
      startingPositionTimestamp: time === undefined ? undefined : new Date(time * 1000),
      onFailure: destination === undefined ? undefined : onFailureFolder,
    }),
    bisectBatchOnError: String(property('BisectBatchOnFunctionError')) === 'true',
    provisioned: properties['ProvisionedPollerConfig'] !== undefined,
    reportBatchItemFailures: [property('FunctionResponseTypes') ?? []]
      .flat()
      .includes('ReportBatchItemFailures'),
  };
};
