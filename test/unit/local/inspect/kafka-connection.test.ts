import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { kafkaConnection } from '../../../../local/inspect/kafka-connection.ts';
import { LocalError } from '../../../../local/local-error.ts';

const brokers = { KAFKA_BOOTSTRAP_SERVERS: 'a:9092,b:9092' };

test('brokers are enough', () => {
  deepStrictEqual(kafkaConnection(brokers), { bootstrapServers: ['a:9092', 'b:9092'] });
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

test('a connection’s setting that is missing or wrong is named', () => {
  for (const [given, message] of [
    [{}, /KAFKA_BOOTSTRAP_SERVERS must be given/],
    [{ ...brokers, KAFKA_TLS: 'yes' }, /KAFKA_TLS must be/],
    [{ ...brokers, KAFKA_SASL: 'GSSAPI' }, /KAFKA_SASL must be one of PLAIN/],
    [{ ...brokers, KAFKA_SASL: 'PLAIN', KAFKA_USERNAME: 'a' }, /KAFKA_PASSWORD must be given/],
  ] as const)
    throws(
      () => kafkaConnection(given),
      (error) => error instanceof LocalError && message.test(error.message),
    );
});
