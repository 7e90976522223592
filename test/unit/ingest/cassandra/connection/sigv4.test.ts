import { deepStrictEqual, match, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import {
  respond,
  SigV4AuthProvider,
} from '../../../../../functions/ingest/cassandra/connection/sigv4.ts';

const credentials = {
  accessKeyId: 'UserID-1',
  secretAccessKey: 'UserSecretKey-1',
  sessionToken: undefined,
  region: 'us-west-2',
};
const challenge = Buffer.from('nonce=91703fdc2ef562e19fbdab0f58e42fe5');
const now = new Date('2020-06-09T22:41:51.000Z');

test('the answer to a nonce is the one that AWS’s own plugins publish as their test vector', () => {
  strictEqual(
    respond(challenge, credentials, now),
    'signature=7f3691c18a81b8ce7457699effbfae5b09b4e0714ab38c1292dbdf082c9ddd87,' +
      'access_key=UserID-1,amzdate=2020-06-09T22:41:51.000Z',
  );
});

test('a session token goes with the answer', () => {
  match(respond(challenge, { ...credentials, sessionToken: 'tok' }, now), /,session_token=tok$/);
});

test('a challenge without a nonce is an error', () => {
  throws(() => respond(Buffer.from('hello'), credentials, now), /no nonce/);
});

test('missing credentials come back as an error: a thrown one would leave the connect waiting for ever', () => {
  const authenticator = new SigV4AuthProvider({}).newAuthenticator();
  const answers: unknown[] = [];
  authenticator.initialResponse((error, token) => answers.push(error, token?.toString()));
  authenticator.evaluateChallenge(challenge, (error) => answers.push(error?.message));
  deepStrictEqual(answers, [
    null,
    'SigV4\0\0',
    "AWS_ACCESS_KEY_ID is not set: CASSANDRA_AUTH=sigv4 needs a role's credentials",
  ]);
});

test('credentials are read anew for every connection, for Lambda renews them', () => {
  const environment: Record<string, string> = {
    AWS_ACCESS_KEY_ID: 'first',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_REGION: 'eu-west-1',
  };
  const provider = new SigV4AuthProvider(environment);
  const answer = () => {
    let text = '';
    provider.newAuthenticator().evaluateChallenge(challenge, (_, token) => {
      text = `${token}`;
    });
    return text;
  };
  match(answer(), /access_key=first/);
  environment['AWS_ACCESS_KEY_ID'] = 'second';
  match(answer(), /access_key=second/);
});
