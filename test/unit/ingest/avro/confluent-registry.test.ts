import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { confluentRegistry } from '../../../../functions/ingest/avro/confluent-registry.ts';
import { TransientError, UnavailableError } from '../../../../functions/ingest/errors.ts';
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
  const expected = { text: '{"type":"string"}', references: [] };
  deepStrictEqual(await registry.fetch(id), expected);
  deepStrictEqual(await registry.fetch(guid), expected);
  deepStrictEqual(server.requests, [`GET /schemas/ids/${id}`, `GET /schemas/guids/${guid}`]);
});

test('an address with a path, with or without a slash at its end, is that of a registry too', async () => {
  await using server = await startRegistryServer();
  for (const path of ['/apis/ccompat/v7', '/apis/ccompat/v7/'])
    await rejects(registryAt(`${server.url}${path}`).fetch(1), UnavailableError);
  deepStrictEqual(server.requests, [
    'GET /apis/ccompat/v7/schemas/ids/1',
    'GET /apis/ccompat/v7/schemas/ids/1',
  ]);
});

test('an id that does not exist is the record’s fault', async () => {
  await using server = await startRegistryServer();
  deepStrictEqual(await registryAt(server.url).fetch(7), {
    reason: 'unknown_schema',
    detail: 'the value was written with schema 7, and the registry has none of this id',
  });
});

test('a page that is not there is nobody’s schema: the address is wrong, and the record waits', async () => {
  await using server = await startRegistryServer();
  await rejects(registryAt(`${server.url}/wrong`).fetch(7), (error) => {
    ok(error instanceof UnavailableError);
    match(
      error.message,
      /it answered 404, and not as a schema registry does \(is SCHEMA_REGISTRY_URL right\?\)/,
    );
    return true;
  });
});

test('schemas that a schema refers to come before it, over several levels, each once', async () => {
  await using server = await startRegistryServer();
  const reference = (subject: string) => ({ name: subject, subject, version: 1 });
  server.register('inner', { schema: '"inner"' });
  server.register('left', { schema: '"left"', references: [reference('inner')] });
  server.register('right/with a slash', { schema: '"right"', references: [reference('inner')] });
  const { id } = server.register('outer', {
    schema: '"outer"',
    references: [reference('left'), reference('right/with a slash')],
  });
  deepStrictEqual(await registryAt(server.url).fetch(id), {
    text: '"outer"',
    references: ['"inner"', '"left"', '"right"'],
  });
});

test('schemas that refer to each other come to an end, one that refers to nothing that is there is unknown', async () => {
  await using server = await startRegistryServer();
  const reference = (subject: string) => ({ name: subject, subject, version: 1 });
  const { id } = server.register('a', { schema: '"a"', references: [reference('b')] });
  strictEqual(Object(await registryAt(server.url).fetch(id)).reason, 'unknown_schema');
  server.register('b', { schema: '"b"', references: [reference('a')] });
  deepStrictEqual(await registryAt(server.url).fetch(id), {
    text: '"a"',
    references: ['"a"', '"b"'],
  });
});

test('a schema that is not Avro is told', async () => {
  await using server = await startRegistryServer();
  const { id } = server.register('a', { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' });
  deepStrictEqual(await registryAt(server.url).fetch(id), {
    reason: 'incompatible_schema',
    detail: `schema ${id} is PROTOBUF, not Avro`,
  });
});

for (const status of [429, 500, 502, 503])
  test(`an answer ${status} is tried again`, async () => {
    await using server = await startRegistryServer();
    server.before = (_, response) => void response.writeHead(status).end('busy');
    await rejects(registryAt(server.url).fetch(1), {
      name: 'TransientError',
      message: `asking the schema registry for ${server.url}/schemas/ids/1 failed: it answered ${status}`,
    });
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

test('nobody at the address is tried again', async () => {
  const server = await startRegistryServer();
  await server[Symbol.asyncDispose]();
  await rejects(registryAt(server.url).fetch(1), (error) => {
    ok(error instanceof TransientError);
    match(error.message, /ECONNREFUSED/);
    return true;
  });
});

test('an answer of more than a megabyte is not read to its end', async () => {
  await using server = await startRegistryServer();
  server.before = (_, response) =>
    void response.writeHead(200).end(JSON.stringify({ schema: 'x'.repeat(2 ** 20) }));
  await rejects(registryAt(server.url).fetch(1), /the answer has more than 1048576 bytes/);
});

test('a server whose certificate nobody we trust has signed is not talked to; with its authority it is', async () => {
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
    match(error.message, /answered 401, the login is refused/);
    ok(!error.message.includes('canary'));
    return true;
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
