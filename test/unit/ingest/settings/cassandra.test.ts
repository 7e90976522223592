import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesOf, settingsOf } from '../../../support/settings.ts';

test('contact points are a list with commas, with or without ports', () => {
  const { contactPoints } = settingsOf({
    CASSANDRA_CONTACT_POINTS: 'a.example, b:9142,[::1]:9042',
  });
  deepStrictEqual(contactPoints, ['a.example', 'b:9142', '[::1]:9042']);
});

test('a login by password is refused without a secret, and a secret without that login', () => {
  deepStrictEqual(mistakesOf({ CASSANDRA_AUTH: 'password' }), [
    'CASSANDRA_SECRET_ARN must be given when CASSANDRA_AUTH is `password` (not given)',
  ]);
  deepStrictEqual(mistakesOf({ CASSANDRA_SECRET_ARN: 'arn:aws:x' }), [
    'CASSANDRA_AUTH must be `password` when CASSANDRA_SECRET_ARN is given (given "none")',
  ]);
});

test('SigV4 and a certificate authority are refused without TLS', () => {
  deepStrictEqual(mistakesOf({ CASSANDRA_AUTH: 'sigv4', CASSANDRA_TLS: 'off' }), [
    'CASSANDRA_TLS must be `on` when CASSANDRA_AUTH is `sigv4` (given "off")',
  ]);
  const pem = '-----BEGIN CERTIFICATE-----';
  deepStrictEqual(mistakesOf({ CASSANDRA_CA: pem, CASSANDRA_TLS: 'off' }), [
    'CASSANDRA_CA must be empty when CASSANDRA_TLS is `off` (it would do nothing)',
  ]);
});

test('a certificate authority that is not PEM is refused, and its text is not repeated', () => {
  deepStrictEqual(mistakesOf({ CASSANDRA_CA: '/etc/ca.pem' }), [
    'CASSANDRA_CA must be PEM text; empty for Node’s own list (given 11 characters)',
  ]);
});
