import { doesNotMatch, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { createSession } from '../../functions/ingest/cassandra/session.ts';
import { readConfig } from '../../functions/ingest/config.ts';
import { UnavailableError } from '../../functions/ingest/errors.ts';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts';

// A node of its own, that encrypts and asks for a password, as a production cluster does.
let server: CassandraServer;
let secrets: SecretsManager;
before(async () => {
  server = await startCassandra({ tls: true, password: true });
  secrets = await startSecretsManager({
    right: JSON.stringify(server.credentials),
    wrong: JSON.stringify({ username: 'cassandra', password: 'canary-4711' }),
    broken: 'canary-4711',
  });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
});
after(async () => {
  await secrets[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const open = (given: Record<string, string> = {}) => {
  const session = createSession(
    readConfig({
      CASSANDRA_CONTACT_POINTS: server.contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: server.localDataCenter,
      CASSANDRA_KEYSPACE: 'none',
      CASSANDRA_CA: server.ca ?? '',
      CASSANDRA_AUTH: 'password',
      CASSANDRA_SECRET_ARN: 'right',
      CONSUMER_GROUP_ID: 'none',
      ...given,
    }),
    process.env,
  );
  return Object.assign(session, { [Symbol.asyncDispose]: () => session.close() });
};
/** The message of the UnavailableError that connecting ends in. */
const faultOf = async (given: Record<string, string>): Promise<string> => {
  await using session = open(given);
  let message = '';
  await rejects(session.client(), (error) => {
    message = String(error);
    return error instanceof UnavailableError;
  });
  doesNotMatch(message, /canary/);
  return message;
};

test('with the authority’s certificate and the secret’s password it connects, once for all that ask', async () => {
  await using session = open();
  const [one, other] = await Promise.all([session.client(), session.client()]);
  strictEqual(one, other);
  const rows = await one.execute('SELECT cluster_name FROM system.local');
  strictEqual(rows.first()?.['cluster_name'], 'local');
});

test('a server whose certificate nobody vouches for is not talked to', async () => {
  match(
    await faultOf({ CASSANDRA_CA: '' }),
    /connecting to Cassandra at 127.*self-signed certificate/,
  );
});

test('a server that encrypts is not reached without', async () => {
  match(
    await faultOf({ CASSANDRA_CA: '', CASSANDRA_TLS: 'off' }),
    /connecting to Cassandra at 127/,
  );
});

test('a wrong password is said, without the password', async () => {
  match(await faultOf({ CASSANDRA_SECRET_ARN: 'wrong' }), /password are incorrect/);
});

test('a secret that does not exist is named', async () => {
  match(
    await faultOf({ CASSANDRA_SECRET_ARN: 'missing' }),
    /the secret missing could not be read: ResourceNotFoundException/,
  );
});

test('a secret of another form is named, without what is in it', async () => {
  match(
    await faultOf({ CASSANDRA_SECRET_ARN: 'broken' }),
    /the secret broken must be JSON with the texts "username" and "password"/,
  );
});

test('a connect that failed is tried again by the next call', async () => {
  let calls = 0;
  await using listener = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  await using session = open({ CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}` });
  await rejects(session.client(), UnavailableError);
  const before = calls;
  await rejects(session.client(), UnavailableError);
  ok(calls > before);
});
