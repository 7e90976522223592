import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, before, beforeEach, test } from 'node:test';
import { type Deadlines, deadlines } from '../../../../functions/ingest/pipeline/deadlines.ts';
import { TransientError, UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import {
  bundledSchemas,
  noRegistry,
} from '../../../../functions/ingest/schema-registry/create-registry.ts';
import { glueRegistry } from '../../../../functions/ingest/schema-registry/glue-registry.ts';
import type { SchemaRegistry } from '../../../../functions/ingest/schema-registry/schema-registry.ts';
import { encode, fields } from '../../../support/avro.ts';
import { startAwsService } from '../../../support/aws-service.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';
import { type RegistryServer, startRegistryServer } from '../../../support/registry-server.ts';
import {
  denied,
  detailOf,
  environmentOn,
  errorOf,
  kinds,
  registryAt,
  schema,
  t0,
  withUuid,
  written,
} from '../../../support/schema-deliveries.ts';
import { confluent, decoderOf, encodeBy, writerSchema } from '../../../support/writers.ts';

const foreign = { type: 'record', name: 'Click', fields: [{ name: 'x', type: 'long' }] };

// The client of Glue is imported on demand, which would take a second of the first delivery’s time.
before(() => import('../../../../functions/ingest/schema-registry/glue-client.ts'));

let server: RegistryServer;
/** Statuses and bodies that the registry gives to a path in place of its own; `*` is every path. */
let instead: Record<string, readonly [status: number, body: string] | (() => void)>;
beforeEach(async () => {
  server = await startRegistryServer();
  instead = {};
  server.before = ({ url = '', socket }, response) => {
    const answer = instead[url] ?? instead['*'];
    if (typeof answer === 'function') {
      answer();
      socket.destroy();
    } else if (answer !== undefined) response.writeHead(answer[0]).end(answer[1]);
  };
});
afterEach(() => server[Symbol.asyncDispose]());

/** The wait for a registry that lags behind, in milliseconds. */
const lagMs = 4_000;

/** The deadlines of a delivery that needs several answers of a registry, however busy the machine is. */
const amply = (): { given: Deadlines } => ({ given: deadlines(15_000) });

const environment = (registry: SchemaRegistry = registryAt(server.url)) => environmentOn(registry);
const asked = (path: string): number =>
  server.requests.filter((request) => request === `GET ${path}`).length;

test('one value with a foreign first byte is rejected, and the records around it are written, on a registry without uuids', async () => {
  await using old = await startRegistryServer({ withoutUuids: '{"error_code":404}' });
  const { id } = old.register('events-value', schema);
  const deliver = environment(registryAt(old.url));
  const values = [written(id, 0), withUuid(Buffer.alloc(16, 0xab)), written(id, 2), written(id, 3)];
  deepStrictEqual(kinds(await deliver(values)), [
    'written',
    'unknown_schema',
    'written',
    'written',
  ]);
});

test('a batch of one value with a foreign first byte is rejected on a registry without uuids, in an environment’s first invocation', async () => {
  await using old = await startRegistryServer({ withoutUuids: '' });
  const deliver = environment(registryAt(old.url));
  deepStrictEqual(kinds(await deliver([withUuid(Buffer.alloc(16, 0xab))])), ['unknown_schema']);
});

for (const [what, answer] of [
  ['refuses (403)', denied],
  ['refuses (401)', [401, '']],
  ['answers 500 to', [500, '{"error_code":50001,"message":"Error in the backend data store"}']],
  ['answers 503 to', [503, '']],
  ['answers a page to', [200, '<html>']],
  ['redirects', [302, '']],
  ['closes the connection for', () => {}],
] as const)
  test(`an id that the registry ${what} is rejected while it gives another of the topic, and the records around it are written`, async () => {
    const { id } = server.register('events-value', schema);
    instead['/schemas/ids/4711'] = answer;
    const deliver = environment();
    const outcomes = await deliver([written(4711, 0), written(id, 1), written(id, 2)], amply());
    deepStrictEqual(kinds(outcomes), ['unknown_schema', 'written', 'written']);
    match(
      detailOf(outcomes[0]),
      /^the value was written with schema 4711, and only this id fails, again and again, while the registry gives schema 1 of the same topic with the same login: asking the schema registry for /,
    );
    ok(asked('/schemas/ids/4711') >= 2, 'it is asked before and after the other');
    ok(asked(`/schemas/ids/${id}`) >= 2, 'the other is asked again after it');
    ok(asked('/schemas/ids/4711') <= 9, 'and not without end');

    const before = server.requests.length;
    deepStrictEqual(kinds(await deliver([written(4711, 3), written(id, 4)])), [
      'unknown_schema',
      'written',
    ]);
    strictEqual(server.requests.length, before, 'what was found out is remembered');
  });

test('a topic whose only id is denied waits, and is never rejected', async () => {
  server.register('events-value', schema);
  instead['/schemas/ids/1'] = denied;
  const deliver = environment();
  for (let delivery = 1; delivery <= 5; delivery += 1) {
    const outcomes = await deliver([written(1, 0), encode({ event_time: t0 }), written(1, 2)]);
    deepStrictEqual(kinds(outcomes), ['failed', 'failed', 'failed']);
    match(
      errorOf(outcomes[0])?.message ?? '',
      /it answered 403 \(40301\) "User is denied operation Read", the login is refused \(SCHEMA_REGISTRY_AUTH, SCHEMA_REGISTRY_SECRET_ARN\), or may not read this schema/,
    );
  }
  instead = {};
  deepStrictEqual(kinds(await deliver([written(1, 0)])), ['written']);
});

test('a denied topic waits although the registry answers questions that need no login, and ids that do not exist', async () => {
  instead['/schemas/ids/1'] = denied;
  server.register('events-value', schema);
  const deliver = environment();
  const outcomes = await deliver([withUuid(randomBytes(16)), written(900, 1), written(1, 2)]);
  deepStrictEqual(kinds(outcomes), ['unknown_schema', 'unknown_schema', 'failed']);
});

test('a denied topic waits although another schema is given whose values are no events: that one may be chosen by nonsense', async () => {
  server.register('events-value', schema);
  const other = server.register('clicks-value', foreign).id;
  instead['/schemas/ids/1'] = denied;
  const outcomes = await environment()([confluent(other, Buffer.alloc(3)), written(1, 1)]);
  deepStrictEqual(kinds(outcomes), ['incompatible_schema', 'failed']);
});

test('a denied topic waits although another schema is read, which came with the function and not from the registry', async () => {
  server.register('a', foreign);
  instead['/schemas/ids/1'] = denied;
  const registry = registryAt(server.url);
  const deliver = environment(bundledSchemas({ 7: schema }, registry));
  deepStrictEqual(kinds(await deliver([written(7, 0), written(1, 1)])), ['written', 'failed']);
});

test('a denied id of one topic waits although the registry gave a schema of another topic', async () => {
  const { id } = server.register('orders-value', schema);
  instead['/schemas/ids/4711'] = denied;
  const deliver = environment();
  deepStrictEqual(kinds(await deliver([written(id, 0)], { topic: 'orders' })), ['written']);
  deepStrictEqual(kinds(await deliver([written(4711, 1)], { topic: 'events' })), ['failed']);
});

test('a login that expires rejects nothing, whatever it was given before', async () => {
  const { id } = server.register('events-value', schema);
  const next = server.register('events-value', writerSchema({ more: 'int' })).id;
  const deliver = environment();
  deepStrictEqual(kinds(await deliver([written(id, 0)])), ['written']);
  instead['*'] = [401, '{"error_code":401,"message":"Unauthorized"}'];
  for (let delivery = 1; delivery <= 3; delivery += 1)
    deepStrictEqual(kinds(await deliver([written(id, 1), written(next, 2)])), [
      'written',
      'failed',
    ]);
  deepStrictEqual(kinds(await deliver([withUuid(randomBytes(16)), written(id, 3)])), [
    'failed',
    'failed',
  ]);
});

for (const [what, answer] of [
  ['is down (503)', [503, '']],
  ['is gone (404 of an empty ingress)', [404, '404 page not found']],
  ['closes every connection', () => {}],
  ['refuses a rate (429)', [429, '{"error_code":429,"message":"Too many requests"}']],
] as const)
  test(`a registry that ${what} rejects nothing, whatever it gave before`, async (t) => {
    const { id } = server.register('events-value', schema);
    const deliver = environment();
    deepStrictEqual(kinds(await deliver([written(id, 0)])), ['written']);
    // A second later, the answer before is old.
    const now = performance.now.bind(performance);
    t.mock.method(performance, 'now', () => now() + 1_100);
    instead['*'] = answer;
    const outcomes = await deliver([written(id, 1), written(77, 2), written(id, 3)]);
    deepStrictEqual(kinds(outcomes), ['written', 'failed', 'failed']);
  });

test('a registry that is asked too much says nothing of the id that it refuses, also while it gives another', async () => {
  const { id } = server.register('events-value', schema);
  const next = server.register('events-value', writerSchema({ more: 'int' })).id;
  instead[`/schemas/ids/${next}`] = [429, ''];
  const outcomes = await environment()([written(id, 0), written(next, 1)]);
  deepStrictEqual(kinds(outcomes), ['written', 'failed']);
});

test('a registry that comes back in time is asked again, and the batch is written', async () => {
  const { id } = server.register('events-value', schema);
  instead['*'] = [503, ''];
  const back = setTimeout(() => {
    instead = {};
  }, 600);
  try {
    deepStrictEqual(kinds(await environment()([written(id, 0)])), ['written']);
  } finally {
    clearTimeout(back);
  }
});

test('an id that is denied is asked for again when half a minute is over, and then after twice the time', async (t) => {
  const { id } = server.register('events-value', schema);
  server.register('events-value', writerSchema({ more: 'int' }));
  instead['/schemas/ids/2'] = denied;
  const deliver = environment();
  await deliver([written(2, 0), written(id, 1)]);
  let later = 0;
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + later);
  later = 30_100;
  deepStrictEqual(kinds(await deliver([written(2, 2)])), ['unknown_schema']);
  instead = {};
  later += 59_000;
  deepStrictEqual(kinds(await deliver([written(2, 3)])), ['unknown_schema']);
  later += 2_000;
  const value = confluent(2, encodeBy(writerSchema({ more: 'int' }), { ...fields(), more: 1 }));
  deepStrictEqual(kinds(await deliver([value])), ['written']);
});

test('a schema that a follower of the registry has some seconds later is asked for once more, and its events are written', async () => {
  const { id } = server.register('events-value', schema);
  const next = server.register('events-value', writerSchema({ more: 'int' })).id;
  instead[`/schemas/ids/${next}`] = [404, '{"error_code":40403,"message":"Schema not found"}'];
  const caughtUp = setTimeout(() => {
    instead = {};
  }, 3_000);
  try {
    const evolved = { ...fields({ event_time: t0 + 1 }), more: 1 };
    const value = confluent(next, encodeBy(writerSchema({ more: 'int' }), evolved));
    const began = performance.now();
    const outcomes = await environment()([written(id, 0), value, written(999, 2)], {
      given: deadlines(60_000),
    });
    const took = performance.now() - began;
    deepStrictEqual(kinds(outcomes), ['written', 'written', 'unknown_schema']);
    ok(took > lagMs - 100 && took < 2 * lagMs, `one wait for both ids, not ${took} ms`);
    deepStrictEqual([asked(`/schemas/ids/${next}`), asked('/schemas/ids/999')], [2, 2]);
  } finally {
    clearTimeout(caughtUp);
  }
});

test('a partition whose schemas are there does not wait for another’s that is not found', async () => {
  const { id } = server.register('events-value', schema);
  const stores = new MemoryStores();
  const registry = registryAt(server.url);
  const ingest = ingestWith(stores, {}, { decoder: decoderOf({}, {}, registry) });
  const invocation = ingest(
    [
      batch([record({ partition: 0, offset: 0, value: written(999, 0) })]),
      batch([record({ partition: 1, offset: 0, value: written(id, 0) })]),
    ],
    deadlines(60_000),
  );
  const until = performance.now() + 3_000;
  while (stores.userEvents.size === 0 && performance.now() < until)
    await new Promise((resolve) => setImmediate(resolve));
  strictEqual(stores.userEvents.size, 1);
  strictEqual(asked('/schemas/ids/999'), 1);
  deepStrictEqual(
    (await invocation).map(({ outcomes }) => kinds(outcomes)),
    [['unknown_schema'], ['written']],
  );
});

test('an id that is known to be unknown is asked for again after half a minute, without waiting', async (t) => {
  const { id } = server.register('events-value', schema);
  const deliver = environment();
  // Time enough for the second question, however busy the machine is.
  await deliver([written(999, 0), written(id, 1)], { given: deadlines(60_000) });
  strictEqual(asked('/schemas/ids/999'), 2);
  await deliver([written(999, 2)]);
  strictEqual(asked('/schemas/ids/999'), 2);
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + 30_100);
  const began = performance.now();
  deepStrictEqual(kinds(await deliver([written(999, 3)], { given: deadlines(60_000) })), [
    'unknown_schema',
  ]);
  ok(performance.now() - began < lagMs);
  strictEqual(asked('/schemas/ids/999'), 3);
});

const uuid = (digit: number): string =>
  `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`;
const glueValue = (digit: number, index: number): Buffer =>
  Buffer.concat([
    Buffer.of(3, 0),
    Buffer.from(uuid(digit).replaceAll('-', ''), 'hex'),
    written(1, index).subarray(5),
  ]);
/** An environment on Glue, whose versions 2 and 3 are answered by an error. */
const onGlue = async (answers: Record<string, { error: string; status: number }>) => {
  const requests: string[] = [];
  const service = await startAwsService(({ SchemaVersionId = '' }) => {
    requests.push(SchemaVersionId);
    return (
      answers[SchemaVersionId] ?? { SchemaDefinition: JSON.stringify(schema), DataFormat: 'AVRO' }
    );
  });
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_GLUE: service.endpoint,
  });
  return { service, requests, deliver: environment(glueRegistry()) };
};

for (const [error, status] of [
  ['AccessDeniedException', 400],
  ['InternalServiceException', 500],
  ['EntityNotFoundException', 400],
  ['InvalidInputException', 400],
] as const)
  test(`a version for which Glue answers ${error} is rejected while it gives another of the topic`, async () => {
    const { service, deliver } = await onGlue({ [uuid(2)]: { error, status } });
    await using _ = service;
    const outcomes = await deliver([glueValue(2, 0), glueValue(1, 1)], amply());
    deepStrictEqual(kinds(outcomes), ['unknown_schema', 'written']);
    match(detailOf(outcomes[0]), new RegExp(error));
  });

test('a topic whose only version Glue denies waits; and so does one that it throttles, while it gives another', async () => {
  const { service, deliver } = await onGlue({
    [uuid(2)]: { error: 'AccessDeniedException', status: 400 },
    [uuid(3)]: { error: 'ThrottlingException', status: 400 },
  });
  await using _ = service;
  for (let delivery = 1; delivery <= 3; delivery += 1)
    deepStrictEqual(kinds(await deliver([glueValue(2, 0)])), ['failed']);
  deepStrictEqual(kinds(await deliver([glueValue(1, 1), glueValue(3, 2)])), ['written', 'failed']);
});

test('credentials that Glue takes no more reject nothing, whatever it gave before', async () => {
  const answers: Record<string, { error: string; status: number }> = {};
  const { service, deliver } = await onGlue(answers);
  await using _ = service;
  deepStrictEqual(kinds(await deliver([glueValue(1, 0)])), ['written']);
  for (const digit of [1, 2])
    answers[uuid(digit)] = { error: 'ExpiredTokenException', status: 400 };
  deepStrictEqual(kinds(await deliver([glueValue(1, 1), glueValue(2, 2)])), ['written', 'failed']);
});

test('an error that no attempt mends is not tried again, one that passes is until the time is over', async () => {
  const attempts = { refused: 0, busy: 0 };
  const deliver = environment({
    async fetch(id) {
      attempts[id === 1 ? 'refused' : 'busy'] += 1;
      throw id === 1 ? new UnavailableError('refused') : new TransientError('busy');
    },
  });
  const [one] = await deliver([written(1, 0)]);
  const [other] = await deliver([written(2, 0)]);
  deepStrictEqual([errorOf(one)?.message, errorOf(other)?.message], ['refused', 'busy']);
  strictEqual(attempts.refused, 1);
  ok(attempts.busy > 4, `${attempts.busy} attempts`);
});

test('a rejection that is found out early in an invocation is known when its records are read, however long another id takes', async (t) => {
  let later = 0;
  const now = performance.now.bind(performance);
  t.mock.method(performance, 'now', () => now() + later);
  let attempts = 0;
  const deliver = environment({
    async fetch(id) {
      if (id === 1) return { kind: 'rejected', reason: 'unknown_schema', detail: 'there is none' };
      attempts += 1;
      // As if 40 s had passed since the other was found out.
      if (attempts === 4) later = 40_000;
      throw new TransientError('busy');
    },
  });
  const given: Deadlines = { ...deadlines(60_000), schemas: { left: () => 2_000 - later } };
  deepStrictEqual(kinds(await deliver([written(1, 0), written(2, 1)], { given })), [
    'unknown_schema',
    'failed',
  ]);
});

test('without a registry an unknown id is rejected at once', async () => {
  const began = performance.now();
  deepStrictEqual(kinds(await environment(noRegistry)([written(1, 0)])), ['unknown_schema']);
  ok(performance.now() - began < lagMs);
});
