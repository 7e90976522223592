import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import avro from 'avsc';
import { parseSchema } from '../../../../functions/ingest/avro/schema/schema-type.ts';
import { confluentRegistry } from '../../../../functions/ingest/schema-registry/confluent-registry.ts';
import { eventId, fields, userId } from '../../../support/avro.ts';
import { type RegistryServer, startRegistryServer } from '../../../support/registry-server.ts';
import { isRejection } from '../../../support/rejections.ts';
import { confluent, decoderOf, readBy, writerSchema } from '../../../support/writers.ts';

const t0 = 1_700_000_000_000;
const device = {
  type: 'record',
  name: 'Device',
  namespace: 'com.shop',
  fields: [{ name: 'os', type: 'string' }],
};
const laterDevice = {
  ...device,
  fields: [...device.fields, { name: 'browser', type: 'string', default: '' }],
};
const session = {
  type: 'record',
  name: 'Session',
  namespace: 'com.shop',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'device', type: 'com.shop.Device' },
  ],
};
const event = writerSchema({ session: 'com.shop.Session', device: 'com.shop.Device' });
/** A value as a serializer writes it that has resolved Device to its first version. */
const bytes = avro.Type.forSchema(
  writerSchema({
    session: { ...session, fields: [session.fields[0], { name: 'device', type: device }] },
    device: 'com.shop.Device',
  }) as avro.Schema,
  { wrapUnions: false },
).toBuffer({
  ...fields({ event_time: t0 }),
  session: { id: 's', device: { os: 'mac' } },
  device: { os: 'mac' },
});

const reference = (name: string, subject = name, version = 1) => ({ name, subject, version });
const toSession = reference('com.shop.Session');
const toDevice = reference('com.shop.Device');

let server: RegistryServer;
beforeEach(async () => {
  server = await startRegistryServer();
});
afterEach(() => server[Symbol.asyncDispose]());

const registry = () =>
  confluentRegistry({
    registryUrl: server.url,
    registryAuth: 'none',
    registrySecretArn: null,
    registryCa: null,
  });

/** Registers the event with these references, and reads a value of it. */
const readEvent = async (
  references: readonly ReturnType<typeof reference>[],
  schema: object = event,
) => {
  const { id } = server.register('events-value', { schema: JSON.stringify(schema), references });
  return readBy(decoderOf({}, { registry: 'confluent' }, registry()), {
    value: confluent(id, bytes),
  });
};
const registerSession = (references: readonly ReturnType<typeof reference>[]) =>
  server.register('com.shop.Session', { schema: JSON.stringify(session), references });
const isRead = (result: Awaited<ReturnType<typeof readEvent>>): void => {
  ok(!isRejection(result), isRejection(result) ? result.detail : '');
  const { user_id, event_time, event_id } = result;
  deepStrictEqual([user_id, event_time, event_id], [userId, t0, eventId]);
};
const detailOf = (result: object): string => ('detail' in result ? String(result.detail) : '');

test('schemas that a schema refers to come before it, over several levels, each name once, with soft-deleted versions', async () => {
  server.register('inner', { schema: '"inner"' });
  server.register('left', { schema: '"left"', references: [reference('inner')] });
  server.register('right/with a slash', { schema: '"right"', references: [reference('inner')] });
  const { id } = server.register('outer', {
    schema: '"outer"',
    references: [reference('left'), reference('right/with a slash')],
  });
  deepStrictEqual(await registry().fetch(id), {
    kind: 'found',
    text: '"outer"',
    references: [
      { text: '"inner"', origin: 'subject "inner" version 1' },
      { text: '"left"', origin: 'subject "left" version 1' },
      { text: '"right"', origin: 'subject "right/with a slash" version 1' },
    ],
  });
  deepStrictEqual(server.requests, [
    `GET /schemas/ids/${id}`,
    'GET /subjects/left/versions/1?deleted=true',
    'GET /subjects/inner/versions/1?deleted=true',
    'GET /subjects/right%2Fwith%20a%20slash/versions/1?deleted=true',
  ]);
});

test('one type that is registered under two subjects, with one name of reference, is read', async () => {
  server.register('com.shop.Device', device);
  server.register('sessions-com.shop.Device', device);
  registerSession([reference('com.shop.Device', 'sessions-com.shop.Device')]);
  isRead(await readEvent([toSession, toDevice]));
});

test('one type under two subjects and two names of references is read, for both define it the same way', async () => {
  server.register('devices', device);
  server.register('sessions-devices', { schema: JSON.stringify({ ...device, doc: 'a copy' }) });
  registerSession([reference('Device of Session', 'sessions-devices')]);
  isRead(await readEvent([toSession, reference('Device of UserEvent', 'devices')]));
});

test('one version under two names of references is read', async () => {
  server.register('devices', device);
  registerSession([reference('Device', 'devices')]);
  isRead(await readEvent([toSession, reference('com.shop.Device', 'devices')]));
});

test('a type that a schema defines again as one that it refers to does is read', async () => {
  server.register('com.shop.Device', device);
  registerSession([toDevice]);
  isRead(await readEvent([toSession], writerSchema({ session: 'com.shop.Session', device })));
});

test('the first visited of two versions of one name counts, depth first, as for Confluent’s Java client', async () => {
  server.register('com.shop.Device', device);
  server.register('com.shop.Device', laterDevice);
  registerSession([toDevice]);
  isRead(await readEvent([toSession, { ...toDevice, version: 2 }]));
  ok(!server.requests.some((request) => request.includes('/versions/2')));
});

test('references to versions that were soft-deleted are read: values that were written with them are on the topic', async () => {
  server.register('com.shop.Device', device);
  registerSession([toDevice]);
  for (const subject of ['com.shop.Device', 'com.shop.Session']) server.remove(subject);
  isRead(await readEvent([toSession, toDevice]));
});

test('a reference to version −1 is one to the latest', async () => {
  server.register('com.shop.Device', laterDevice);
  server.register('com.shop.Device', device);
  registerSession([{ ...toDevice, version: -1 }]);
  isRead(await readEvent([toSession, toDevice]));
  ok(server.requests.includes('GET /subjects/com.shop.Device/versions/latest?deleted=true'));
});

test('two types of one name that differ are told with the subjects and versions that define them', async () => {
  server.register('devices', device);
  server.register('sessions-devices', laterDevice);
  registerSession([reference('Device of Session', 'sessions-devices')]);
  const result = await readEvent([toSession, reference('Device of UserEvent', 'devices')]);
  strictEqual(Object(result).reason, 'incompatible_schema');
  match(
    detailOf(result),
    /^schema \d+: subject "devices" version 1, which it refers to: \$ defines "com\.shop\.Device" otherwise than subject "sessions-devices" version 1 does$/,
  );
});

test('each kind of type is compared: what differs is told, what is the same is not', () => {
  const kinds: readonly (readonly [object, object, boolean])[] = [
    [{ type: 'fixed', name: 'A', size: 2 }, { type: 'fixed', name: 'A', size: 2, doc: '' }, true],
    [{ type: 'fixed', name: 'A', size: 2 }, { type: 'fixed', name: 'A', size: 3 }, false],
    [
      { type: 'enum', name: 'A', symbols: ['x'] },
      { type: 'enum', name: 'A', symbols: ['x', 'y'] },
      false,
    ],
    [{ type: 'fixed', name: 'A', size: 1 }, { type: 'enum', name: 'A', symbols: ['x'] }, false],
    ...(
      [
        ['string', 'string', true],
        ['string', 'bytes', false],
        [{ type: 'long', logicalType: 'timestamp-millis' }, 'long', false],
        [['null', 'string'], ['null', 'string'], true],
        [['null', 'string'], ['string', 'null'], false],
        [['null', 'string'], ['null'], false],
        [{ type: 'array', items: 'int' }, { type: 'array', items: 'int' }, true],
        [{ type: 'array', items: 'int' }, { type: 'array', items: 'long' }, false],
        [{ type: 'map', values: 'int' }, { type: 'map', values: 'int' }, true],
        [{ type: 'map', values: 'int' }, { type: 'array', items: 'int' }, false],
        [['null', 'A'], ['null', 'A'], true],
        [
          { type: 'record', name: 'B', fields: [] },
          { type: 'record', name: 'B', fields: [] },
          true,
        ],
        [
          { type: 'record', name: 'B', fields: [] },
          { type: 'record', name: 'B', fields: [{ name: 'c', type: 'int' }] },
          false,
        ],
      ] as const
    ).map(
      ([one, other, same]) =>
        [
          { type: 'record', name: 'A', fields: [{ name: 'f', type: one }] },
          { type: 'record', name: 'A', fields: [{ name: 'f', type: other }] },
          same,
        ] as const,
    ),
  ];
  for (const [one, other, same] of kinds) {
    let message = '';
    try {
      parseSchema({
        text: '"A"',
        references: [one, other].map((schema, index) => ({
          text: JSON.stringify(schema),
          origin: `subject "${index}" version 1`,
        })),
      });
    } catch (error) {
      message = (error as Error).message;
    }
    strictEqual(message === '', same, `${JSON.stringify([one, other])}: ${message}`);
    if (!same) match(message, /otherwise than subject "0" version 1 does$/);
  }
});

test('schemas that refer to each other come to an end', async () => {
  const { id } = server.register('a', { schema: '"a"', references: [reference('b')] });
  server.register('b', { schema: '"b"', references: [reference('a')] });
  deepStrictEqual(await registry().fetch(id), {
    kind: 'found',
    text: '"a"',
    references: [
      { text: '"a"', origin: 'subject "a" version 1' },
      { text: '"b"', origin: 'subject "b" version 1' },
    ],
  });
});

test('a schema that refers to one that is not there is unknown, and the message names the subject and the version', async () => {
  const { id } = server.register('a', { schema: '"a"', references: [reference('B', 'b', 3)] });
  deepStrictEqual(await registry().fetch(id), {
    kind: 'rejected',
    reason: 'unknown_schema',
    detail: `the value was written with schema ${id}, and the registry has no subject "b" version 3, which it refers to: it answered 404 (40402) "Version not found"`,
    mayAppear: true,
  });
});

test('a schema that refers to one that is not Avro is incompatible, and the message names that one', async () => {
  server.register('b', { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' });
  const { id } = server.register('a', { schema: '"a"', references: [reference('B', 'b')] });
  deepStrictEqual(await registry().fetch(id), {
    kind: 'rejected',
    reason: 'incompatible_schema',
    detail: `schema ${id}: it refers to subject "b" version 1, which is PROTOBUF, not Avro`,
  });
});

test('a schema that refers to one that is no schema is incompatible, and the message names that one', async () => {
  server.register('com.shop.Device', { schema: '{"type":"record","name":"Device"}' });
  const result = await readEvent([toDevice]);
  strictEqual(Object(result).reason, 'incompatible_schema');
  match(
    detailOf(result),
    /: subject "com\.shop\.Device" version 1, which it refers to: \$ has no list of fields$/,
  );
});

test('a schema that refers to more than a hundred others is not followed without end', async () => {
  for (let place = 0; place <= 101; place += 1)
    server.register(`s${place}`, {
      schema: `"s${place}"`,
      references: [reference(`s${place + 1}`)],
    });
  const answer = await registry().fetch(1);
  deepStrictEqual(answer, {
    kind: 'rejected',
    reason: 'incompatible_schema',
    detail: 'schema 1: it refers to more than 100 schemas',
  });
  strictEqual(server.requests.length, 101);
});

test('references that are absent or null are none, and one without a name is known by its subject and version', async () => {
  for (const references of [null, undefined]) {
    server.before = (_, response) =>
      void response.writeHead(200).end(JSON.stringify({ schema: '"long"', references }));
    deepStrictEqual(await registry().fetch(1), { kind: 'found', text: '"long"', references: [] });
  }
  server.before = ({ url }, response) =>
    void response.writeHead(200).end(
      JSON.stringify(
        url === '/schemas/ids/1'
          ? {
              schema: '"a"',
              references: [
                { subject: 'b', version: 1 },
                { subject: 'b', version: 1 },
              ],
            }
          : { schema: '"b"' },
      ),
    );
  deepStrictEqual(Object(await registry().fetch(1)).references, [
    { text: '"b"', origin: 'subject "b" version 1' },
  ]);
});

test('a subject without a context is looked for in the context of the subject that refers to it', async () => {
  server.before = ({ url }, response) => {
    const isRoot = url === '/schemas/ids/1';
    const isFirst = url?.includes('b/versions/1') ?? false;
    const references = isRoot
      ? [reference('B', ':.ctx:b')]
      : isFirst
        ? [reference('C', 'c'), reference('D', ':.other:d')]
        : [];
    response.writeHead(200).end(JSON.stringify({ schema: `"${url}"`, references }));
  };
  await registry().fetch(1);
  deepStrictEqual(
    server.requests.slice(1).map((request) => decodeURIComponent(request)),
    [
      'GET /subjects/:.ctx:b/versions/1?deleted=true',
      'GET /subjects/:.ctx:c/versions/1?deleted=true',
      'GET /subjects/:.other:d/versions/1?deleted=true',
    ],
  );
});
