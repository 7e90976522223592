import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRegistryLogin } from '../../../../functions/ingest/schema-registry/registry-login.ts';
import { type SecretsManager, startSecretsManager } from '../../../support/secrets-manager.ts';

const given: Record<string, string> = {};
let secrets: SecretsManager;
before(async () => {
  secrets = await startSecretsManager(given);
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
});
after(() => secrets[Symbol.asyncDispose]());

const accept = 'application/vnd.schemaregistry.v1+json, application/json';
const basicLogin = (name: string) =>
  createRegistryLogin({ registryAuth: 'basic', registrySecretArn: name, registryCa: null });
const setPassword = (name: string, password: string): void => {
  given[name] = JSON.stringify({ username: 'u', password });
};
const authorization = (password: string): string =>
  `Basic ${Buffer.from(`u:${password}`).toString('base64')}`;

test('a registry without a login is asked with the authority of the setting, and nothing is read', async () => {
  const login = createRegistryLogin({
    registryAuth: 'none',
    registrySecretArn: null,
    registryCa: 'a certificate',
  });
  const { options } = await login.options();
  deepStrictEqual(options, { headers: { accept }, tls: { ca: 'a certificate' } });
  strictEqual(await login.renew(options), null);
});

test('a name and a password are read once, by all that ask at the same time, and remembered', async () => {
  setPassword('shared', 'p');
  const login = basicLogin('shared');
  const [one, other] = await Promise.all([login.options(), login.options()]);
  strictEqual(one.options, other.options);
  deepStrictEqual(one.options.headers, { accept, authorization: authorization('p') });
  strictEqual((await login.options()).remembered, true);
  strictEqual(secrets.requests.get('shared'), 1);
});

test('a client’s certificate and key come from the secret, with the key’s password where it has one', async () => {
  given['client'] = JSON.stringify({ certificate: 'c', privateKey: 'k', privateKeyPassword: 'p' });
  const login = createRegistryLogin({
    registryAuth: 'mtls',
    registrySecretArn: 'client',
    registryCa: null,
  });
  deepStrictEqual((await login.options()).options, {
    headers: { accept },
    tls: { cert: 'c', key: 'k', passphrase: 'p' },
  });
});

test('a refused login is renewed where its secret has changed', async () => {
  setPassword('rotated', 'first');
  const login = basicLogin('rotated');
  const { options } = await login.options();
  setPassword('rotated', 'second');
  const renewed = await login.renew(options);
  strictEqual(renewed?.headers['authorization'], authorization('second'));
  strictEqual(await login.renew(options), renewed, 'the renewed login is not read once more');
  strictEqual(secrets.requests.get('rotated'), 2);
});

test('a secret that has not changed is read again only after a pause, which doubles', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => now);
  setPassword('same', 'p');
  const login = basicLogin('same');
  const { options } = await login.options();
  const readings: (number | undefined)[] = [];
  for (const later of [0, 49, 50, 149, 150]) {
    now = later;
    strictEqual(await login.renew(options), null);
    readings.push(secrets.requests.get('same'));
  }
  deepStrictEqual(readings, [2, 2, 3, 3, 4]);
});

test('a secret that could not be read is not remembered: the next question reads it', async () => {
  const login = basicLogin('late');
  await rejects(login.options(), { name: 'UnavailableError' });
  setPassword('late', 'p');
  strictEqual((await login.options()).remembered, false);
});
