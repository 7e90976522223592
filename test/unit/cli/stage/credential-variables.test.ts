import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { credentialVariables } from '../../../../cli/stage/credential-variables.ts';

const first = { accessKeyId: 'one', secretAccessKey: 'a secret', sessionToken: 'a token' };

test('credentials are read as the variables that Lambda sets', async () => {
  const variables = await credentialVariables(async () => first);
  deepStrictEqual(
    { ...variables },
    {
      AWS_ACCESS_KEY_ID: 'one',
      AWS_SECRET_ACCESS_KEY: 'a secret',
      AWS_SESSION_TOKEN: 'a token',
    },
  );
});

test('a read renews the credentials for the next, so that expired ones are replaced', async () => {
  let valid: { accessKeyId: string; secretAccessKey: string } = first;
  const variables = await credentialVariables(async () => valid);
  valid = { accessKeyId: 'two', secretAccessKey: 'another secret' };
  deepStrictEqual(variables['AWS_ACCESS_KEY_ID'], 'one');
  await setImmediate();
  deepStrictEqual(variables['AWS_ACCESS_KEY_ID'], 'two');
  deepStrictEqual(variables['AWS_SESSION_TOKEN'], undefined);
});

test('credentials that cannot be renewed stay as they were', async () => {
  let provided = 0;
  const variables = await credentialVariables(async () => {
    provided += 1;
    if (provided > 1) throw new Error('no network');
    return first;
  });
  deepStrictEqual(variables['AWS_ACCESS_KEY_ID'], 'one');
  await setImmediate();
  deepStrictEqual(variables['AWS_ACCESS_KEY_ID'], 'one');
});
