import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaConnection } from '../../../src/kafka/kafka-connection.ts';
import { TriggerError } from '../../../src/trigger-error.ts';

const brokers = { KAFKA_BOOTSTRAP_SERVERS: 'a:9092,b:9092' };

test('brokers are enough, with spaces or without', () => {
  for (const given of [brokers, { KAFKA_BOOTSTRAP_SERVERS: ' a:9092, b:9092,' }])
    deepStrictEqual(kafkaConnection(given), { bootstrapServers: ['a:9092', 'b:9092'] });
});

test('TLS and a login are added where they are given', () => {
  const given = {
    ...brokers,
    KAFKA_TLS: 'on',
    KAFKA_SASL: 'SCRAM-SHA-512',
    KAFKA_USERNAME: 'alice',
    KAFKA_PASSWORD: 'canary',
  };
  deepStrictEqual(kafkaConnection(given), {
    bootstrapServers: ['a:9092', 'b:9092'],
    tls: {},
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password: 'canary' },
  });
});

for (const [one, other] of [
  ['plain', 'PLAIN'],
  ['scram-256', 'SCRAM-SHA-256'],
  ['scram-512', 'SCRAM-SHA-512'],
])
  test(`a login by ${one} is that of Kafka’s ${other}`, () => {
    const given = { ...brokers, KAFKA_USERNAME: 'alice', KAFKA_PASSWORD: 'canary' };
    deepStrictEqual(
      kafkaConnection({ ...given, KAFKA_SASL: one }),
      kafkaConnection({ ...given, KAFKA_SASL: other }),
    );
    strictEqual(kafkaConnection({ ...given, KAFKA_SASL: one }).sasl?.mechanism, other);
  });

test('a connection’s setting that is missing or wrong is named', () => {
  for (const [given, message] of [
    [{}, /KAFKA_BOOTSTRAP_SERVERS must be given/],
    [{ ...brokers, KAFKA_TLS: 'yes' }, /KAFKA_TLS must be/],
    [
      { ...brokers, KAFKA_SASL: 'GSSAPI' },
      /KAFKA_SASL must be one of plain, scram-256, scram-512 \(given "GSSAPI"\)/,
    ],
    [{ ...brokers, KAFKA_SASL: 'PLAIN', KAFKA_USERNAME: 'a' }, /KAFKA_PASSWORD must be given/],
  ] as const)
    throws(
      () => kafkaConnection(given),
      (error) => error instanceof TriggerError && message.test(error.message),
    );
});
