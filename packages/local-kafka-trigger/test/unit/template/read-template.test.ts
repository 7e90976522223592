// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation has its own ${…} in texts.
import { deepStrictEqual, match, throws } from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readTemplate } from '../../../src/template/read-template.ts';
import { writeTemplate } from '../../support/template.ts';

test('mapping and function are those of the template, through an alias; what is not known is told', async (t) => {
  const path = await writeTemplate(t);
  deepStrictEqual(readTemplate(path), {
    mapping: {
      topic: 'orders',
      source: {
        kind: 'msk',
        eventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1',
        bootstrapServers: '',
      },
      consumerGroup: 'orders-to-db',
      batchSize: 500,
      maxBatchingWindowMs: 2000,
      retryAttempts: 5,
      maxRecordAgeSeconds: 3600,
      startingPosition: 'LATEST',
      onFailure: 'on-failure',
      bisectBatchOnError: true,
      provisioned: true,
      reportBatchItemFailures: true,
    },
    function: {
      environment: { MODE: 'fast' },
      timeoutSeconds: 60,
      memorySizeMb: 512,
      functionName: 'Consumer',
      codeFolder: join(dirname(path), 'asset.code'),
      handler: 'index.handler',
    },
    notes: [
      'What is given up goes to the folder on-failure. Name another place by --on-failure.',
      'The variable TABLE is not known before a deployment ({"Ref":"Table"}). Give it by --env TABLE=…',
    ],
  });
});

test('a self-managed mapping has its brokers, and AWS’s defaults where the template has none', async (t) => {
  const path = await writeTemplate(t, {
    mapping: {
      EventSourceArn: undefined,
      AmazonManagedKafkaEventSourceConfig: undefined,
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['a:1', 'b:2'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: { Ref: 'Group' } },
      StartingPosition: 'AT_TIMESTAMP',
      StartingPositionTimestamp: 1_700_000_000,
      ...Object.fromEntries(
        [
          'BatchSize',
          'MaximumBatchingWindowInSeconds',
          'MaximumRetryAttempts',
          'MaximumRecordAgeInSeconds',
          'BisectBatchOnFunctionError',
          'FunctionResponseTypes',
          'ProvisionedPollerConfig',
          'DestinationConfig',
        ].map((name) => [name, undefined]),
      ),
    },
  });
  const { mapping, notes } = readTemplate(path);
  deepStrictEqual(mapping, {
    topic: 'orders',
    brokers: ['a:1', 'b:2'],
    startingPosition: 'AT_TIMESTAMP',
    startingPositionTimestamp: new Date(1_700_000_000_000),
    bisectBatchOnError: false,
    provisioned: false,
    reportBatchItemFailures: false,
  });
  match(notes[0] ?? '', /^The consumer group is not known .*Name it by --group\.$/);
});

test('a filter and a schema registry are told to be none of this package', async (t) => {
  const path = await writeTemplate(t, {
    mapping: {
      FilterCriteria: { Filters: [] },
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'g', SchemaRegistryConfig: {} },
    },
  });
  const notes = readTemplate(path).notes.join('\n');
  match(notes, /filter of the mapping is not emulated/);
  match(notes, /schema registry of the mapping is not emulated/);
});

for (const [runtime, says] of [
  ['python3.13', /runtime python3\.13 is not started by itself/],
  ['provided.al2023', /^$/],
] as const)
  test(`a function of ${runtime} is started as far as it can be`, async (t) => {
    const path = await writeTemplate(t, {
      function: { Runtime: runtime, Environment: undefined },
      mapping: { DestinationConfig: undefined },
    });
    const read = readTemplate(path);
    match(read.notes.join(), says);
    const bootstrap = join(dirname(path), 'asset.code', 'bootstrap');
    deepStrictEqual(read.function.command, runtime === 'provided.al2023' ? [bootstrap] : undefined);
  });

test('each value that is known only after a deployment is told, with what to do', async (t) => {
  const unknown = { 'Fn::ImportValue': 'x' };
  const path = await writeTemplate(t, {
    function: { Timeout: unknown, MemorySize: unknown, Handler: unknown },
    mapping: {
      Topics: [unknown],
      EventSourceArn: unknown,
      BatchSize: unknown,
      MaximumRetryAttempts: { Ref: 'AWS::NoValue' },
      BisectBatchOnFunctionError: 'true',
      SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: unknown }],
      DestinationConfig: undefined,
    },
  });
  const { mapping, function: read, notes } = readTemplate(path);
  const before = 'is not known before a deployment ({"Fn::ImportValue":"x"}).';
  deepStrictEqual(notes, [
    'The topic is not known before a deployment ([{"Fn::ImportValue":"x"}]). Name it by --topic.',
    `The cluster ${before} The event has the ARN of a cluster that does not exist.`,
    'The login of the mapping is not read. Give it by KAFKA_SASL, KAFKA_USERNAME and so on.',
    `BatchSize ${before} AWS's default is used.`,
    'The variable TABLE is not known before a deployment ({"Ref":"Table"}). Give it by --env TABLE=…',
    `The Timeout of Consumer ${before} Give it by --timeout.`,
    `The MemorySize of Consumer ${before} Give it by --memory.`,
    `The Handler of Consumer ${before} Name it by --handler.`,
  ]);
  deepStrictEqual(
    [mapping.topic, mapping.batchSize, mapping.retryAttempts, read.timeoutSeconds],
    [undefined, undefined, undefined, undefined],
  );
  deepStrictEqual(mapping.bisectBatchOnError, true);
});

for (const [form, name] of [
  ['an attribute', { 'Fn::GetAtt': ['Consumer', 'Arn'] }],
  ['an attribute in one text', { 'Fn::GetAtt': 'Consumer.Arn' }],
  ['a name', 'orders-consumer'],
  [
    'an ARN',
    { 'Fn::Sub': 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders-consumer:live' },
  ],
] as const)
  test(`the function of a mapping is found by ${form}`, async (t) => {
    const path = await writeTemplate(t, {
      function: { FunctionName: 'orders-consumer' },
      mapping: { FunctionName: name },
    });
    deepStrictEqual(readTemplate(path).function.handler, 'index.handler');
  });

test('a function that is not in the template is told, and the mapping is read', async (t) => {
  const path = await writeTemplate(t, { mapping: { FunctionName: { 'Fn::ImportValue': 'fn' } } });
  const { mapping, function: read, notes } = readTemplate(path);
  deepStrictEqual([mapping.topic, read], ['orders', {}]);
  match(notes.join('\n'), /function of the mapping is not in the template. Name it by --handler/);
});

test('a file that is no template, or a choice that is none, is told with what there is', async (t) => {
  const second = {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: 'Other' }, Topics: ['b'] },
  };
  const path = await writeTemplate(t, { others: { Second: second } });
  throws(() => readTemplate(path), /2 event source mappings .* by --function: Consumer, Other\.$/);
  throws(() => readTemplate(path, 'None'), /no event source mapping of a Kafka topic for None/);
  throws(() => readTemplate(join(dirname(path), 'none.json')), /cannot be read as a template/);
  deepStrictEqual(readTemplate(path, 'Consumer').mapping.topic, 'orders');
});
