import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesOf, settingsOf } from '../../../support/settings.ts';

const confluent = {
  SCHEMA_REGISTRY: 'confluent',
  SCHEMA_REGISTRY_URL: 'https://registry.example.org/apis/ccompat/v7',
};

test('a Confluent registry is refused without its address, and settings of a Confluent registry without one', () => {
  deepStrictEqual(settingsOf({ ...confluent }).registryUrl, confluent.SCHEMA_REGISTRY_URL);
  deepStrictEqual(mistakesOf({ SCHEMA_REGISTRY: 'confluent' }), [
    'SCHEMA_REGISTRY_URL must be given when SCHEMA_REGISTRY is `confluent` (not given)',
  ]);
  deepStrictEqual(
    mistakesOf({
      SCHEMA_REGISTRY: 'glue',
      SCHEMA_REGISTRY_URL: confluent.SCHEMA_REGISTRY_URL,
      SCHEMA_REGISTRY_CA: '-----BEGIN CERTIFICATE-----',
    }),
    [
      'SCHEMA_REGISTRY_URL is for SCHEMA_REGISTRY=confluent (given "glue")',
      'SCHEMA_REGISTRY_CA is for SCHEMA_REGISTRY=confluent (given "glue")',
    ],
  );
});

test('a login to the registry is refused without a secret, a secret without a login, and both without https', () => {
  const secret = { SCHEMA_REGISTRY_SECRET_ARN: 'arn:aws:x' };
  const login =
    'SCHEMA_REGISTRY_SECRET_ARN must be given when SCHEMA_REGISTRY_AUTH is `basic` or `mtls`, and only then';
  deepStrictEqual(mistakesOf({ ...confluent, ...secret }), [login]);
  deepStrictEqual(mistakesOf({ ...confluent, SCHEMA_REGISTRY_AUTH: 'mtls' }), [login]);
  const http = { ...confluent, SCHEMA_REGISTRY_URL: 'http://registry:8081' };
  deepStrictEqual(settingsOf({ ...http }).registryUrl, 'http://registry:8081');
  deepStrictEqual(mistakesOf({ ...http, ...secret, SCHEMA_REGISTRY_AUTH: 'basic' }), [
    'SCHEMA_REGISTRY_URL must begin with https: when there is a login or an authority',
  ]);
});

test('an address of the registry with a password in it is refused, and not repeated', () => {
  deepStrictEqual(
    mistakesOf({ ...confluent, SCHEMA_REGISTRY_URL: 'https://user:secret@registry.example.org' }),
    [
      'SCHEMA_REGISTRY_URL must be an `https` or `http` address without a login in it (given 40 characters)',
    ],
  );
  for (const url of ['registry:8081', 'ftp://registry', 'https://registry?key=1'])
    deepStrictEqual(mistakesOf({ ...confluent, SCHEMA_REGISTRY_URL: url }).length, 1, url);
});
