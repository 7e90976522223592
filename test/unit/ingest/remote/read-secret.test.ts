import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readSecret } from '../../../../functions/ingest/remote/read-secret.ts';
import { type SecretsManager, startSecretsManager } from '../../../support/secrets-manager.ts';

let secrets: SecretsManager;
before(async () => {
  secrets = await startSecretsManager({
    login: JSON.stringify({ username: 'u', password: 'p', more: 1 }),
    number: JSON.stringify({ username: 'u', password: 4711 }),
    text: 'canary-4711',
  });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
});
after(() => secrets[Symbol.asyncDispose]());

test('the texts of a secret are read by their names', async () => {
  const { username, password } = await readSecret('login', 'username', 'password');
  deepStrictEqual([username, password], ['u', 'p']);
});

for (const secret of ['number', 'text'])
  test(`a secret of another form (${secret}) is named with what it must have, without what is in it`, async () => {
    await rejects(readSecret(secret, 'username', 'password'), {
      name: 'UnavailableError',
      message: `the secret ${secret} must be JSON with the texts "username" and "password"`,
    });
  });

test('a secret that does not exist is named, and is asked for once', async () => {
  await rejects(readSecret('none', 'username'), {
    name: 'UnavailableError',
    message: 'the secret none could not be read: ResourceNotFoundException: no more is said',
  });
  strictEqual(secrets.requests.get('none'), 1);
});
