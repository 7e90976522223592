import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { type Deadlines, deadlines } from '../../../../functions/ingest/pipeline/deadlines.ts';
import type { Outcome } from '../../../../functions/ingest/pipeline/outcome.ts';
import { type RegistryServer, startRegistryServer } from '../../../support/registry-server.ts';
import {
  denied,
  detailOf,
  environmentOn,
  errorOf,
  kinds,
  registryAt,
  schema,
  withUuid,
  written,
} from '../../../support/schema-deliveries.ts';
import { confluent } from '../../../support/writers.ts';

// How fetch-schemas.ts bears ids by the thousand, and a registry that is slow.

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

const environment = () => environmentOn(registryAt(server.url));

test('an id that hangs is rejected within the time for schemas while another is given', async () => {
  const { id } = server.register('events-value', schema);
  const before = server.before;
  server.before = (request, response) =>
    request.url === '/schemas/ids/4711'
      ? new Promise((resolve) => request.socket.once('close', () => resolve()))
      : before(request, response);
  const outcomes = await environment()([written(4711, 0), written(id, 1)], {
    given: deadlines(30_000),
  });
  deepStrictEqual(kinds(outcomes), ['unknown_schema', 'written']);
  match(detailOf(outcomes[0]), /The operation was aborted/);
});

/** Time enough for thousands of questions, however busy the machine is. */
const longTime = (): Deadlines => deadlines(600_000);

/** Values with an id each, and an event behind each hundred. */
const nonsense = (id: number, make: (index: number) => Buffer, length: number): Buffer[] =>
  Array.from({ length }, (_, index) => (index % 100 === 99 ? written(id, index) : make(index)));

for (const [what, length, make] of [
  ['three thousand ids', 3_000, (index: number) => confluent(1_000_000 + index, Buffer.alloc(9))],
  ['a thousand uuids', 1_000, () => withUuid(randomBytes(16))],
  [
    'three thousand ids that no registry can have and',
    3_000,
    (index: number) => confluent(2 ** 31 + index, Buffer.alloc(9)),
  ],
] as const)
  test(`${what} that do not exist stop no partition: each is asked for once, a hundred twice, and the events are written`, async () => {
    const { id } = server.register('events-value', schema);
    const deliver = environment();
    const values = nonsense(id, make, length);
    const events = length / 100;
    const outcomes = await deliver(values, { given: longTime() });
    strictEqual(outcomes.filter(({ kind }) => kind === 'written').length, events);
    strictEqual(
      kinds(outcomes).filter((kind) => kind === 'unknown_schema').length,
      length - events,
    );
    const limit = what.includes('no registry') ? 1 : length - events + 100 + 1;
    ok(server.requests.length <= limit, `${server.requests.length} requests`);

    await deliver(values);
    ok(server.requests.length <= limit, 'the second delivery asks for nothing');
  });

test('a thousand ids that the registry denies are asked for once each, a hundred twice, and the events are written', async () => {
  const { id } = server.register('events-value', schema);
  instead['*'] = denied;
  delete instead[`/schemas/ids/${id}`];
  const before = server.before;
  server.before = (request, response) =>
    request.url === `/schemas/ids/${id}` ? undefined : before(request, response);
  const outcomes = await environment()(
    nonsense(id, (index) => confluent(1_000_000 + index, Buffer.alloc(9)), 1_000),
    { given: longTime() },
  );
  strictEqual(outcomes.filter(({ kind }) => kind === 'written').length, 10);
  strictEqual(kinds(outcomes).filter((kind) => kind === 'unknown_schema').length, 990);
  ok(server.requests.length <= 990 + 100 + 3, `${server.requests.length} requests`);
});

test('a lagging schema among a thousand ids that do not exist is asked for again: more records name it than any other', async () => {
  const { id } = server.register('events-value', schema);
  instead[`/schemas/ids/${id}`] = [404, '{"error_code":40403,"message":"Schema not found"}'];
  const before = server.before;
  let questions = 0;
  server.before = (request, response) => {
    if (request.url === `/schemas/ids/${id}` && ++questions === 2) return undefined;
    return before(request, response);
  };
  const outcomes = await environment()(
    nonsense(id, (index) => confluent(1_000_000 + index, Buffer.alloc(9)), 1_000),
    { given: longTime() },
  );
  strictEqual(outcomes.filter(({ kind }) => kind === 'written').length, 10);
});

test('a registry so slow that not all ids can be asked for: the records up to the first of them are handled, and the next delivery goes on', async () => {
  const { id } = server.register('events-value', schema);
  /** The deadlines by a clock on which each question takes 20 ms, whatever the machine does beside. */
  const slowly = (): { given: Deadlines } => {
    const asked = server.requests.length;
    const left = (): number => 2_000 - 20 * (server.requests.length - asked);
    return { given: { ...deadlines(60_000), schemas: { left } } };
  };
  const deliver = environment();
  const values = [
    written(id, 0),
    ...Array.from({ length: 1_000 }, (_, n) => confluent(1_000_000 + n, Buffer.alloc(9))),
  ];
  const handledOf = (outcomes: readonly Outcome[]): number =>
    outcomes.filter(({ kind }) => kind !== 'failed').length;
  const outcomes = await deliver(values, slowly());
  const first = handledOf(outcomes);
  match(
    errorOf(outcomes.at(-1))?.message ?? '',
    /^no time was left to ask the schema registry for schema \d+: the next delivery goes on from here$/,
  );
  ok(first > 1 && first < values.length, `${first} of ${values.length}`);
  const second = handledOf(await deliver(values.slice(first), slowly()));
  ok(second > 1, `${second} more`);
});
