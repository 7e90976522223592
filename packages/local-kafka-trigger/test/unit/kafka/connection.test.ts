import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { connectionOptions } from '../../../src/kafka/connection.ts';

test('a client names its broker in the TLS handshake, where brokers have names and not addresses', () => {
  const named = (...bootstrapServers: string[]) =>
    connectionOptions({ bootstrapServers, tls: {} }).tlsServerName;
  deepStrictEqual(named('b-1.example.org:9094', 'b-2.example.org:9094'), true);
  deepStrictEqual([named('10.0.0.1:9094'), named('[::1]:9094')], [false, false]);
});

test('a client without TLS and login has neither', () => {
  deepStrictEqual(connectionOptions({ bootstrapServers: ['kafka:9092'] }), {
    bootstrapBrokers: ['kafka:9092'],
  });
});
