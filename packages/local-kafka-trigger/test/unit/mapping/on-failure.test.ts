import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { failureEnvelope } from '../../../src/mapping/on-failure.ts';

const record = (offset: number) => ({
  offset,
  timestamp: Date.UTC(2026, 2, 10) + offset,
  json: `{"offset":${offset}}`,
});
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:ingest';
const parts = [{ identifier: 't-0', records: [record(7), record(9)] }];
const payload = '"bootstrapServers":"a:1","records":{"t-0":[{"offset":7},{"offset":9}]}}';

test('a batch that was given up is written as AWS writes it to a bucket, the event with it', () => {
  const envelope = failureEnvelope(
    { functionArn, source: { kind: 'self-managed', bootstrapServers: 'a:1' } },
    {
      condition: 'RetryAttemptsExhausted',
      parts,
      invocations: 11,
      result: { kind: 'error', errorType: 'E', errorMessage: 'm', cause: 'function' },
    },
  );
  const { requestId } = envelope.requestContext;
  const event = `{"eventSource":"SelfManagedKafka",${payload}`;
  deepStrictEqual(envelope, {
    requestContext: {
      requestId,
      functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 11,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: 'Unhandled',
    },
    version: '1.0',
    timestamp: envelope.timestamp,
    KafkaBatchInfo: {
      batchSize: 2,
      bootstrapServers: 'a:1',
      payloadSize: event.length,
      recordsInfo: {
        't-0': {
          firstRecordOffset: '7',
          lastRecordOffset: '9',
          firstRecordTimestamp: '2026-03-10T00:00:00.007Z',
          lastRecordTimestamp: '2026-03-10T00:00:00.009Z',
        },
      },
    },
    payload: event,
  });
});

// The envelope could not be written, and the destination that was there got nothing.
test('a record whose time is no date has the nearest one in the envelope', () => {
  const ends = [-(2 ** 63), 2 ** 63].map((timestamp, offset) => ({ ...record(offset), timestamp }));
  const { KafkaBatchInfo } = failureEnvelope(
    { functionArn, source: { kind: 'self-managed', bootstrapServers: 'a:1' } },
    {
      condition: 'RetryAttemptsExhausted',
      parts: [{ identifier: 't-0', records: ends }],
      invocations: 1,
      result: undefined,
    },
  );
  deepStrictEqual(KafkaBatchInfo.recordsInfo['t-0'], {
    firstRecordOffset: '0',
    lastRecordOffset: '1',
    firstRecordTimestamp: '-271821-04-20T00:00:00.000Z',
    lastRecordTimestamp: '+275760-09-13T00:00:00.000Z',
  });
});

test('a record that the function was never asked about has no response, and MSK its ARN', () => {
  const eventSourceArn = 'arn:aws:kafka:eu-west-1:000000000000:cluster/c/u';
  const { responseContext, KafkaBatchInfo } = failureEnvelope(
    { functionArn, source: { kind: 'msk', eventSourceArn, bootstrapServers: 'a:1' } },
    { condition: 'MaximumPayloadSizeExceeded', parts, invocations: 0, result: undefined },
  );
  deepStrictEqual(responseContext, null);
  deepStrictEqual(KafkaBatchInfo.eventSourceArn, eventSourceArn);
});
