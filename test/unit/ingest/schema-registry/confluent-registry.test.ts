import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ThrottledError,
  TransientError,
  UnavailableError,
} from '../../../../functions/ingest/pipeline/errors.ts';
import { confluentRegistry } from '../../../../functions/ingest/schema-registry/confluent-registry.ts';
import { type Certificates, makeCertificates } from '../../../support/certificates.ts';
import { startRegistryServer } from '../../../support/registry-server.ts';
import { type SecretsManager, startSecretsManager } from '../../../support/secrets-manager.ts';

let certificates: Certificates;
let secrets: SecretsManager;
const texts: Record<string, string> = {
  login: JSON.stringify({ username: 'reader', password: 'canary-4711' }),
  broken: 'canary-4711',
};
before(async () => {
  certificates = await makeCertificates();
  texts['certificate'] = JSON.stringify(certificates.client);
  secrets = await startSecretsManager(texts);
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
  });
});
after(() => secrets[Symbol.asyncDispose]());

type Settings = Parameters<typeof confluentRegistry>[0];
const registryAt = (registryUrl: string, given: Partial<Settings> = {}) =>
  confluentRegistry({
    registryUrl,
    registryAuth: 'none',
    registrySecretArn: null,
    registryCa: null,
    ...given,
  });
const overTls = (url: string, given: Partial<Settings> = {}) =>
  registryAt(url, { registryCa: certificates.server.cert, ...given });

test('a schema is asked for by its id or by its uuid', async () => {
  await using server = await startRegistryServer();
  const { id, guid } = server.register('events-value', { type: 'string' });
  const registry = registryAt(server.url);
  const expected = { kind: 'found', text: '{"type":"string"}', references: [] };
  deepStrictEqual(await registry.fetch(id), expected);
  deepStrictEqual(await registry.fetch(guid), expected);
  deepStrictEqual(server.requests, [`GET /schemas/ids/${id}`, `GET /schemas/guids/${guid}`]);
});

test('an address with a path, with or without a slash at its end, is that of a registry too', async () => {
  await using server = await startRegistryServer();
  for (const path of ['/apis/ccompat/v7', '/apis/ccompat/v7/'])
    await rejects(registryAt(`${server.url}${path}`).fetch(1), UnavailableError);
  for (const request of server.requests) match(request, /^GET \/apis\/ccompat\/v7\/schemas\//);
});

test('an id that does not exist is the record’s fault, and may appear in a moment', async () => {
  await using server = await startRegistryServer();
  deepStrictEqual(await registryAt(server.url).fetch(7), {
    kind: 'rejected',
    reason: 'unknown_schema',
    detail:
      'the value was written with schema 7, and the registry has none of this id: it answered 404 (40403) "Schema not found"',
    mayAppear: true,
  });
});

test('an id above 2147483647 is no registry’s: it is the record’s fault, and nobody is asked', async () => {
  await using server = await startRegistryServer();
  const rejection = await registryAt(server.url).fetch(2 ** 31);
  deepStrictEqual(Object(rejection).reason, 'unknown_schema');
  match(
    Object(rejection).detail,
    /^the value was written with schema 2147483648, and a schema registry’s ids end at 2147483647/,
  );
  ok(!('mayAppear' in rejection));
  deepStrictEqual(server.requests, []);
  await registryAt(server.url).fetch(2 ** 31 - 1);
  deepStrictEqual(server.requests, ['GET /schemas/ids/2147483647']);
});

const guid = 'abababab-abab-abab-abab-abababababab';
for (const [registry, body, said] of [
  ['Apicurio 3.3', '', ''],
  ['Karapace', '"Not Found"', ''],
  ['Redpanda', '{"message":"Not found","code":404}', ' "Not found"'],
  [
    'Confluent before 8.0',
    '{"error_code":404,"message":"HTTP 404 Not Found"}',
    ' "HTTP 404 Not Found"',
  ],
])
  test(`a registry without uuids (${registry}) has none of this uuid: it is the record’s fault, even of the first record`, async () => {
    await using server = await startRegistryServer({ withoutUuids: body ?? '' });
    deepStrictEqual(await registryAt(server.url).fetch(guid), {
      kind: 'rejected',
      reason: 'unknown_schema',
      detail: `the value was written with schema ${guid}, and the registry has none of this id: it answered 404${said}`,
    });
    deepStrictEqual(server.requests, [`GET /schemas/guids/${guid}`, 'GET /schemas/types']);
  });

test('a registry of before 5.5 has no route of types: that it answers for the first id shows what it is', async () => {
  await using server = await startRegistryServer({ withoutUuids: '' });
  server.before = ({ url }, response) => {
    if (url === '/schemas/types') response.writeHead(404).end('{"error_code":404}');
  };
  ok('reason' in (await registryAt(server.url).fetch(guid)));
  strictEqual(server.requests.at(-1), 'GET /schemas/ids/1');
});

for (const [status, body] of [
  [400, '{"error_code":400,"message":"For input string"}'],
  [404, '<html>not here</html>'],
  [410, ''],
  [414, ''],
  [422, '{"error_code":42202,"message":"The specified version is not valid"}'],
] as const)
  test(`an answer ${status} to one id, by a service that answers another as a registry does, is the record’s fault`, async () => {
    await using server = await startRegistryServer();
    server.before = ({ url }, response) => {
      if (url === '/schemas/ids/7') response.writeHead(status).end(body);
    };
    const answer = Object(await registryAt(server.url).fetch(7));
    strictEqual(answer.reason, 'unknown_schema');
    match(answer.detail, new RegExp(`none of this id: it answered ${status}`));
    ok(!answer.detail.includes('html'));
    strictEqual(answer.mayAppear, status === 404 || undefined);
  });

for (const status of [400, 404, 422])
  test(`an answer ${status} to every question says nothing of a record: the address is wrong, and the record waits`, async () => {
    await using server = await startRegistryServer();
    server.before = (_, response) => void response.writeHead(status).end('nothing here');
    await rejects(registryAt(server.url).fetch(7), {
      name: 'UnavailableError',
      message: `asking the schema registry for ${server.url}/schemas/ids/7 failed: it answered ${status}, and not as a schema registry does (is SCHEMA_REGISTRY_URL right?)`,
    });
  });

test('an address at which there is no registry any more is not believed for its earlier answers', async (t) => {
  await using server = await startRegistryServer();
  const registry = registryAt(server.url);
  const { id } = server.register('a', { type: 'string' });
  ok('text' in (await registry.fetch(id)));
  server.before = (_, response) => void response.writeHead(404).end('404 page not found');
  const now = performance.now();
  t.mock.method(performance, 'now', () => now + 1_001);
  await rejects(registry.fetch(7), UnavailableError);
});

test('a registry that is down when it is asked what it is is tried again', async () => {
  await using server = await startRegistryServer();
  server.before = ({ url }, response) =>
    void (url === '/schemas/ids/7' ? response.writeHead(404).end() : response.writeHead(503).end());
  await rejects(registryAt(server.url).fetch(7), TransientError);
});

test('a service that answers 200 without a schema is no registry: the record waits', async () => {
  await using server = await startRegistryServer();
  for (const body of [
    '{}',
    '[]',
    'null',
    '<html>',
    '{"schema":7}',
    '{"schema":"a","references":[{}]}',
  ]) {
    server.before = (_, response) => void response.writeHead(200).end(body);
    await rejects(registryAt(server.url).fetch(7), UnavailableError, body);
  }
});

test('a redirect is not followed: the message names its host, and nothing else of it', async () => {
  await using server = await startRegistryServer();
  server.before = (_, response) =>
    void response
      .writeHead(307, { location: 'https://u:canary@leader.example:8081/x?token=canary' })
      .end();
  await rejects(registryAt(server.url).fetch(7), {
    name: 'UnavailableError',
    message: `asking the schema registry for ${server.url}/schemas/ids/7 failed: it answered 307, a redirect to "leader.example:8081", and none is followed (set SCHEMA_REGISTRY_URL to the address that answers by itself)`,
  });
  server.before = (_, response) => void response.writeHead(301).end();
  await rejects(registryAt(server.url).fetch(7), /it answered 301, a redirect to nowhere/);
});

test('a message of the registry is repeated without control characters, and not without end', async () => {
  await using server = await startRegistryServer();
  server.before = (_, response) =>
    void response
      .writeHead(404)
      .end(
        JSON.stringify({ error_code: 40403, message: `a\n\u001b[31m\u202e${'x'.repeat(9_000)}` }),
      );
  const { detail } = Object(await registryAt(server.url).fetch(7));
  ok(detail.length < 300, detail);
  ok(!/\p{C}/u.test(detail), detail);
});

test('a schema that is not Avro is told, and one without a kind, or with null for it, is Avro', async () => {
  await using server = await startRegistryServer();
  const { id } = server.register('a', { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' });
  deepStrictEqual(await registryAt(server.url).fetch(id), {
    kind: 'rejected',
    reason: 'incompatible_schema',
    detail: `schema ${id} is PROTOBUF, not Avro`,
  });
  const { id: nulls } = server.register('b', { schema: '"long"', schemaType: null });
  ok('text' in (await registryAt(server.url).fetch(nulls)));
  const { id: none } = server.register('c', { schema: '"int"' });
  ok('text' in (await registryAt(server.url).fetch(none)));
});

for (const status of [408, 425, 429, 500, 502, 503])
  test(`an answer ${status} is tried again`, async () => {
    await using server = await startRegistryServer();
    server.before = (_, response) => void response.writeHead(status).end('busy');
    await rejects(registryAt(server.url).fetch(1), {
      name: 'TransientError',
      message: `asking the schema registry for ${server.url}/schemas/ids/1 failed: it answered ${status}`,
    });
    await rejects(
      registryAt(server.url).fetch(1),
      status === 429 ? ThrottledError : TransientError,
    );
  });

test('a connection that breaks, before the answer or in it, is tried again', async () => {
  await using server = await startRegistryServer();
  server.before = (request) => void request.socket.destroy();
  await rejects(registryAt(server.url).fetch(1), TransientError);
  server.before = async (request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    await new Promise<void>((resolve) => response.write('{"schema":', () => resolve()));
    request.socket.destroy();
  };
  await rejects(registryAt(server.url).fetch(1), TransientError);
});

test('an address at which nobody answers is tried again', async () => {
  const server = await startRegistryServer();
  await server[Symbol.asyncDispose]();
  await rejects(registryAt(server.url).fetch(1), (error) => {
    ok(error instanceof TransientError);
    match(error.message, /ECONNREFUSED/);
    return true;
  });
});

test('a schema of more than a megabyte is the record’s fault, and is not read to its end', async () => {
  await using server = await startRegistryServer();
  server.before = ({ url }, response) => {
    if (url === '/schemas/ids/1')
      response.writeHead(200).end(JSON.stringify({ schema: 'x'.repeat(2 ** 20) }));
  };
  deepStrictEqual(await registryAt(server.url).fetch(1), {
    kind: 'rejected',
    reason: 'unknown_schema',
    detail:
      'the value was written with schema 1, and the registry has none of this id: it answered a schema of more than 1048576 bytes, which is too large',
  });
});

test('a service that answers every question with megabytes is no registry: the record waits', async () => {
  await using server = await startRegistryServer();
  server.before = (_, response) => void response.writeHead(200).end('x'.repeat(2 ** 21));
  await rejects(registryAt(server.url).fetch(1), UnavailableError);
});

test('a server whose certificate no trusted authority has signed is not talked to, and with its authority in the setting it is', async () => {
  await using server = await startRegistryServer({ tls: certificates.server });
  const { id } = server.register('a', { type: 'string' });
  await rejects(registryAt(server.url).fetch(id), (error) => {
    ok(error instanceof UnavailableError);
    match(error.message, /SCHEMA_REGISTRY_CA/);
    return true;
  });
  ok('text' in (await overTls(server.url).fetch(id)));
});

test('name and password come from a secret, which is read once, and again when it is refused', async () => {
  await using server = await startRegistryServer({
    tls: certificates.server,
    login: 'reader:canary-4711',
  });
  const { id } = server.register('a', { type: 'string' });
  texts['rotated'] = texts['login'] ?? '';
  const registry = overTls(server.url, { registryAuth: 'basic', registrySecretArn: 'rotated' });
  ok('text' in (await registry.fetch(id)));
  ok('text' in (await registry.fetch(id)));
  strictEqual(secrets.requests.get('rotated'), 1);

  await using changed = await startRegistryServer({
    tls: certificates.server,
    login: 'reader:changed',
  });
  const other = overTls(changed.url, { registryAuth: 'basic', registrySecretArn: 'rotated' });
  changed.register('a', { type: 'string' });
  await rejects(other.fetch(id), UnavailableError);
  texts['rotated'] = JSON.stringify({ username: 'reader', password: 'changed' });
  ok('text' in (await other.fetch(id)));
});

test('a password that was rotated while it was remembered is read again, and nobody notices', async () => {
  let login = 'reader:one';
  await using server = await startRegistryServer({ tls: certificates.server });
  server.before = ({ headers }, response) => {
    const wanted = `Basic ${Buffer.from(login).toString('base64')}`;
    if (headers.authorization !== wanted) response.writeHead(403).end();
  };
  const { id } = server.register('a', { type: 'string' });
  texts['turning'] = JSON.stringify({ username: 'reader', password: 'one' });
  const registry = overTls(server.url, { registryAuth: 'basic', registrySecretArn: 'turning' });
  await registry.fetch(id);
  login = 'reader:two';
  texts['turning'] = JSON.stringify({ username: 'reader', password: 'two' });
  ok('text' in (await registry.fetch(id)));
  strictEqual(secrets.requests.get('turning'), 2);
});

test('a refused login waits for somebody, and does not tell the password', async () => {
  await using server = await startRegistryServer({ tls: certificates.server, login: 'a:b' });
  const registry = overTls(server.url, { registryAuth: 'basic', registrySecretArn: 'login' });
  await rejects(registry.fetch(1), (error) => {
    ok(error instanceof UnavailableError);
    match(error.message, /answered 401 "Unauthorized", the login is refused/);
    ok(!error.message.includes('canary'));
    return true;
  });
});

for (const status of [401, 403, 407])
  test(`an answer ${status} is a refusal: it waits for somebody, and says which settings have the login`, async () => {
    await using server = await startRegistryServer();
    server.before = (_, response) => void response.writeHead(status).end();
    await rejects(registryAt(server.url).fetch(1), {
      name: 'UnavailableError',
      message: `asking the schema registry for ${server.url}/schemas/ids/1 failed: it answered ${status}, the login is refused (SCHEMA_REGISTRY_AUTH, SCHEMA_REGISTRY_SECRET_ARN), or may not read this schema`,
    });
  });

test('a secret of another form is named, without what is in it', async () => {
  await using server = await startRegistryServer({ tls: certificates.server, login: 'a:b' });
  const registry = overTls(server.url, { registryAuth: 'basic', registrySecretArn: 'broken' });
  await rejects(registry.fetch(1), {
    name: 'UnavailableError',
    message: 'the secret broken must be JSON with the texts "username" and "password"',
  });
});

test('a login that is denied one schema is read from its secret a few times, not once for each record', async () => {
  await using server = await startRegistryServer({ tls: certificates.server });
  server.before = (_, response) => void response.writeHead(403).end();
  texts['denied'] = texts['login'] ?? '';
  const registry = overTls(server.url, { registryAuth: 'basic', registrySecretArn: 'denied' });
  for (let id = 1; id <= 50; id += 1) await rejects(registry.fetch(id), UnavailableError);
  const readings = secrets.requests.get('denied') ?? 0;
  ok(readings >= 2 && readings <= 10, `${readings} readings`);
});

test('a client certificate comes from a secret; without it the server ends the connection', async () => {
  await using server = await startRegistryServer({
    tls: certificates.server,
    clientCa: certificates.server.cert,
  });
  const { id } = server.register('a', { type: 'string' });
  await rejects(overTls(server.url).fetch(id));
  const registry = overTls(server.url, { registryAuth: 'mtls', registrySecretArn: 'certificate' });
  ok('text' in (await registry.fetch(id)));
});
