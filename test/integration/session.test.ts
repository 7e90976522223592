import { doesNotMatch, match, notStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import type { Client } from 'cassandra-driver';
import {
  createSession,
  type Session,
} from '../../functions/ingest/cassandra/connection/session.ts';
import { IngestError, TransientError } from '../../functions/ingest/pipeline/errors.ts';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';
import { type SecretsManager, startSecretsManager } from '../support/secrets-manager.ts';
import { startTlsProxy } from '../support/tls-proxy.ts';

// The tests have a node of their own that encrypts and asks for a password, like a production cluster.
let server: CassandraServer;
let secrets: SecretsManager;
const passwords: Record<string, string> = {
  wrong: JSON.stringify({ username: 'cassandra', password: 'canary-4711' }),
  broken: 'canary-4711',
};
before(async () => {
  server = await startCassandra({
    tls: true,
    password: true,
    // A changed password counts at once, as on a cluster after its two seconds.
    extraYaml: { credentials_validity: '0ms' },
  });
  passwords['right'] = JSON.stringify(server.credentials);
  secrets = await startSecretsManager(passwords);
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
    readSettings({
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
/** Gives the client that the session uses now. */
const clientOf = (session: Session): Promise<Client> =>
  session.run('looking at the client', async (client) => client);
const clusterName = (session: Session): Promise<unknown> =>
  session.run('reading', async (client) => {
    const rows = await client.execute('SELECT cluster_name FROM system.local');
    return rows.first()?.['cluster_name'];
  });
/** Gives the message of a failed connect. */
const faultOf = async (given: Record<string, string>): Promise<string> => {
  await using session = open(given);
  let message = '';
  await rejects(session.connect(), (error) => {
    message = String(error);
    return error instanceof IngestError;
  });
  doesNotMatch(message, /canary/);
  return message;
};

test('with the authority’s certificate and the secret’s password the session connects, once for all callers', async () => {
  await using session = open();
  const [one, other] = await Promise.all([clientOf(session), clientOf(session)]);
  strictEqual(one, other);
  strictEqual(await clusterName(session), 'local');
});

test('a server whose certificate no trusted authority has signed is not talked to', async () => {
  match(
    await faultOf({ CASSANDRA_CA: '' }),
    /connecting to Cassandra at 127.*self-signed certificate/,
  );
});

test('a server whose certificate another authority has signed than the one named is not talked to, also with NODE_TLS_REJECT_UNAUTHORIZED=0', async (t) => {
  await using proxy = await startTlsProxy(server);
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  t.after(() => delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']);
  match(await faultOf({ CASSANDRA_CONTACT_POINTS: proxy.contactPoint }), /self-signed certificate/);
});

for (const [what, certificate, fault] of [
  [
    'another address',
    { names: 'ip:127.0.0.2' },
    /127\.0\.0\.1 is not in the cert's list: 127\.0\.0\.2/,
  ],
  ['another name', { names: 'dns:other.example.org' }, /is not in the cert's list/],
  ['days that are over', { from: -30, days: 10 }, /certificate has expired/],
  ['days to come', { from: 2, days: 10 }, /certificate is not yet valid/],
] as const)
  test(`a server whose certificate is for ${what} is refused`, async () => {
    await using proxy = await startTlsProxy(server, certificate);
    const settings = { CASSANDRA_CONTACT_POINTS: proxy.contactPoint, CASSANDRA_CA: proxy.ca };
    match(await faultOf(settings), fault);
  });

test('a server whose certificate is for a configured name is accepted', async () => {
  // The driver dials the addresses to which names resolve.
  await using proxy = await startTlsProxy(server, { names: 'dns:localhost' });
  await using session = open({
    CASSANDRA_CONTACT_POINTS: proxy.contactPoint.replace('127.0.0.1', 'localhost'),
    CASSANDRA_CA: proxy.ca,
  });
  strictEqual(await clusterName(session), 'local');
});

test('a server that does not encrypt is sent nothing but a greeting of TLS', async () => {
  const received: Buffer[] = [];
  await using listener = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', (bytes) => {
        received.push(bytes);
        socket.destroy();
      });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  await faultOf({ CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}` });
  ok(received.length > 0);
  // A TLS record of type handshake begins with 22 (RFC 8446 §5.1); a CQL frame begins with its version, 4.
  for (const bytes of received) strictEqual(bytes[0], 22);
});

test('a Cassandra that does not encrypt is told as that, with the setting to look at', async () => {
  await using plain = await startCassandra();
  match(
    await faultOf({
      CASSANDRA_CONTACT_POINTS: plain.contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: plain.localDataCenter,
    }),
    /no host accepted it \(127\.0\.0\.1:\d+: it does not speak TLS: CASSANDRA_TLS=off\?\)/,
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
  await rejects(session.connect(), TransientError);
  const before = calls;
  await rejects(session.connect(), TransientError);
  ok(calls > before);
});

test('a database that takes the connection and never answers is given up, in a sentence', async () => {
  const sockets = new Set<Socket>();
  await using listener = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    socket.resume();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  const settings = {
    CASSANDRA_TLS: 'off',
    CASSANDRA_CA: '',
    CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}`,
  };
  await using session = open(settings);
  await rejects(session.connect(), {
    name: 'TransientError',
    message: /^connecting to Cassandra at 127\.0\.0\.1:\d+ failed: .*did not reply/,
  });
  // Its connections are closed: otherwise an environment would collect them during an outage.
  for (const socket of sockets) await once(socket, 'close');
});

test('a client that was left alone for half a minute is replaced before the next request', async (t) => {
  await using session = open();
  const first = await clientOf(session);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 29_000 });
  strictEqual(await clientOf(session), first);
  t.mock.timers.setTime(Date.now() + 31_000);
  notStrictEqual(await clientOf(session), first);
  strictEqual(await clusterName(session), 'local');
  await rejects(first.execute('SELECT cluster_name FROM system.local'), /shutdown/);
});

/** Creates a role with a secret, for a test that changes the password. */
const openRole = async (name: string) => {
  const run = async (statement: string): Promise<void> => {
    await using superuser = open();
    await superuser.run('making a role', (client) =>
      client.execute(statement, [], { prepare: false }),
    );
  };
  const create = (password: string): Promise<void> =>
    run(`CREATE ROLE ${name} WITH PASSWORD = '${password}' AND LOGIN = true`);
  const setSecret = (password: string): void => {
    passwords[name] = JSON.stringify({ username: name, password });
  };
  await create('first');
  setSecret('first');
  return {
    session: open({ CASSANDRA_SECRET_ARN: name }),
    /** Changes the password by a new role of the same name: Cassandra allows a change only every five seconds. */
    changePassword: async (password: string) => {
      await run(`DROP ROLE ${name}`);
      await create(password);
    },
    setSecret,
    asked: () => secrets.requests.get(name) ?? 0,
  };
};

test('a password that was changed, with its secret, is read again when the old one is refused', async (t) => {
  const role = await openRole('rotated');
  await using session = role.session;
  await session.connect();
  await role.changePassword('second');
  role.setSecret('second');
  // The session logs in again after this freeze, and after the next one.
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  strictEqual(await clusterName(session), 'local');
  strictEqual(role.asked(), 2);
  t.mock.timers.setTime(Date.now() + 60_000);
  strictEqual(await clusterName(session), 'local');
  strictEqual(role.asked(), 2);
});

test('a password that was changed before its secret is said, and the login works once the secret is right', async (t) => {
  const role = await openRole('ahead');
  await using session = role.session;
  await session.connect();
  await role.changePassword('second');
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  await rejects(clusterName(session), {
    name: 'UnavailableError',
    message: /connecting to Cassandra at .*password are incorrect/,
  });
  role.setSecret('second');
  strictEqual(await clusterName(session), 'local');
});

const timers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

test('a database that was killed and started again is used again, by a new client, and the old one leaves nothing behind', async () => {
  const before = timers();
  {
    await using session = open();
    for (let outage = 0; outage < 2; outage += 1) {
      const first = await clientOf(session);
      await server.process.kill();
      await rejects(clusterName(session), TransientError);
      await server.process.restart();
      strictEqual(await clusterName(session), 'local');
      notStrictEqual(await clientOf(session), first);
    }
  }
  // The driver's timers from before the client was replaced run out: its reconnection is due after 250 ms.
  for (let look = 0; timers() > before && look < 40; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  strictEqual(timers(), before);
});
