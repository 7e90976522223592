import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { auth } from 'cassandra-driver';
import { createLogins } from '../../../../../functions/ingest/cassandra/connection/logins.ts';
import { SigV4AuthProvider } from '../../../../../functions/ingest/cassandra/connection/sigv4.ts';
import { type SecretsManager, startSecretsManager } from '../../../../support/secrets-manager.ts';

let secrets: SecretsManager;
before(async () => {
  secrets = await startSecretsManager({ login: '{"username":"u","password":"p"}' });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
});
after(() => secrets[Symbol.asyncDispose]());

test('a cluster that asks for nothing has no provider', async () => {
  const login = await createLogins({ auth: 'none', secretArn: null }, {}).login();
  deepStrictEqual(login, { provider: null, remembered: false });
});

test('Amazon Keyspaces is signed in to by SigV4, with the credentials of the moment', async () => {
  const environment = { AWS_REGION: 'eu-west-1' };
  const { provider, remembered } = await createLogins(
    { auth: 'sigv4', secretArn: null },
    environment,
  ).login();
  ok(provider instanceof SigV4AuthProvider);
  strictEqual(remembered, false);
});

test('a password is read from its secret once, and again after the login was forgotten', async () => {
  const logins = createLogins({ auth: 'password', secretArn: 'login' }, {});
  const first = await logins.login();
  ok(first.provider instanceof auth.PlainTextAuthProvider);
  strictEqual(first.remembered, false);
  deepStrictEqual(await logins.login(), { provider: first.provider, remembered: true });
  strictEqual(secrets.requests.get('login'), 1);
  logins.forget();
  strictEqual((await logins.login()).remembered, false);
  strictEqual(secrets.requests.get('login'), 2);
});

test('a secret that cannot be read is not remembered: the next login asks again', async () => {
  const logins = createLogins({ auth: 'password', secretArn: 'none' }, {});
  for (const _ of [1, 2]) await rejects(logins.login(), { name: 'UnavailableError' });
  strictEqual(secrets.requests.get('none'), 2);
});
