import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions } from '../../../src/command/options.ts';
import { writeTemplate } from '../../support/template.ts';

const parse = (...args: readonly string[]) =>
  parseOptions(['node', 'local-kafka-trigger', ...args]);

test('a handler, a topic and brokers are enough', () => {
  const { mapping, function: lambda } = parse(
    ...['--handler', 'dist/index.handler', '--topic', 't', '--brokers', 'a:1,b:2'],
  );
  deepStrictEqual(mapping, {
    topic: 't',
    connection: { bootstrapServers: ['a:1', 'b:2'] },
    keepDeliveries: 0,
    faults: {},
  });
  deepStrictEqual(lambda.handler, 'dist/index.handler');
});

test('an option of the command line goes before the template', async (t) => {
  const path = await writeTemplate(t);
  const {
    mapping,
    function: lambda,
    notes,
  } = parse(
    ...['--template', path, '--brokers', 'a:1', '--batch-size', '7', '--retries', '0'],
    ...[
      '--env',
      'TABLE=x=y',
      '--timeout',
      '9',
      '--start',
      '2026-11-29T12:00Z',
      '--no-partial-responses',
    ],
    ...['--fault', 'duplicate=3', '--fault', 'freeze', '--freeze-seconds', '1'],
  );
  const { topic, batchSize, retryAttempts, maxRecordAgeSeconds, source, reportBatchItemFailures } =
    mapping;
  deepStrictEqual(
    [
      topic,
      batchSize,
      retryAttempts,
      maxRecordAgeSeconds,
      source?.bootstrapServers,
      reportBatchItemFailures,
    ],
    ['orders', 7, 0, 3600, 'a:1', false],
  );
  deepStrictEqual(mapping.startingPositionTimestamp, new Date('2026-11-29T12:00Z'));
  deepStrictEqual(mapping.faults, { duplicate: 3, freeze: 1, freezeSeconds: 1 });
  deepStrictEqual(
    [lambda.environment?.['TABLE'], lambda.environment?.['MODE'], lambda.timeoutSeconds],
    ['x=y', 'fast', 9],
  );
  deepStrictEqual(notes.length, 2);
});

test('a starting position of the command line stands for the template’s, with its time', async (t) => {
  const path = await writeTemplate(t, {
    mapping: { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1_700_000_000 },
  });
  for (const [args, position, time] of [
    [[], 'AT_TIMESTAMP', new Date(1_700_000_000_000)],
    [['--start', 'LATEST'], 'LATEST', undefined],
    [['--start', '2026-11-29T12:00Z'], 'AT_TIMESTAMP', new Date('2026-11-29T12:00Z')],
  ] as const) {
    const { mapping } = parse('--template', path, '--brokers', 'a:1', ...args);
    deepStrictEqual(
      [mapping.startingPosition, mapping.startingPositionTimestamp],
      [position, time],
    );
  }
});

test('a program of the command line stands for the template’s code, with its variables', async (t) => {
  const path = await writeTemplate(t);
  const { function: lambda } = parse(
    ...[
      '--template',
      path,
      '--brokers',
      'a:1',
      '--command',
      'python3 "my app.py"',
      '--code',
      '/code',
    ],
  );
  deepStrictEqual(
    [lambda.handler, lambda.command, lambda.codeFolder, lambda.environment?.['MODE']],
    [undefined, ['sh', '-c', 'exec python3 "my app.py"'], '/code', 'fast'],
  );
});

test('the end of a topic is not waited for where its last commit may be lost', () => {
  throws(
    () => parse('--topic', 't', '--brokers', 'a:1', '--until-end', '--fault', 'lost-commit=3'),
    { name: 'TriggerError', message: /leave out one of them/ },
  );
});

test('a topic or brokers that are not named are asked for', () => {
  throws(() => parse('--handler', 'a.b', '--brokers', 'a:1'), /named by --topic/);
  throws(
    () => parse('--handler', 'a.b', '--topic', 't', '--brokers', ''),
    /KAFKA_BOOTSTRAP_SERVERS/,
  );
});
