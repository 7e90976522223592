import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type {
  FieldValue,
  FieldValues,
  UserEvent,
} from '../../functions/ingest/event/user-event.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Stores } from '../../functions/ingest/pipeline/stores.ts';
import { eventOf } from './events.ts';
import { record } from './records.ts';

/** A rejected record as the table keeps it. */
export interface Kept extends Rejection {
  readonly record: KafkaRecord;
}

export interface StoresUnderTest {
  readonly stores: Stores;
  /** Reads the rows of one user, newest first, by the names of the columns, without the computed ones. */
  userEvents(userId: string): Promise<FieldValues[]>;
  /** Reads the rejected records of one topic, in offset order. */
  rejected(topic: string): Promise<Kept[]>;
}

const t0 = 1_700_000_000_000;
const event = (given: FieldValues = {}): FieldValues =>
  eventOf({
    user_id: randomUUID(),
    event_time: t0,
    event_id: randomUUID(),
    ...given,
  }).toObject();
const userOf = ({ user_id }: FieldValues): string => String(user_id);
const somewhere = (given: Partial<KafkaRecord> = {}): KafkaRecord =>
  record({ topic: `contract-${randomUUID()}`, ...given });

/** Writes events as the function does, one request after the other. */
export const writeEvents = async (stores: Stores, ...events: UserEvent[]): Promise<void> => {
  for (const { write } of stores.planUserEventWrites(events.map((event) => ({ event }))))
    await write();
};

const write = (stores: Stores, ...events: FieldValues[]): Promise<void> =>
  writeEvents(stores, ...events.map((values) => eventOf(values)));

/** Sorts the entries of a map by their keys. */
const sorted = (map: FieldValue | undefined): ReadonlyMap<string, string> =>
  new Map([...(map as ReadonlyMap<string, string>)].sort());

/** Writes a rejected record as the function does. */
export const writeRejected = async (
  stores: Stores,
  record: KafkaRecord,
  rejection: Rejection,
): Promise<void> => {
  for (const { write } of stores.planRejectedWrites([{ record, rejection }])) await write();
};

/** Tests the promises of every `Stores`: those in memory and Cassandra's. */
export const testStores = (open: () => StoresUnderTest): void => {
  test('a partition has no checkpoint before the first', async () => {
    strictEqual(await open().stores.readCheckpoint(somewhere()), null);
  });

  for (const [what, checkpoint] of [
    [
      'with earlier ones',
      {
        nextOffset: 300,
        maxEventTime: t0,
        earlier: new Map([
          [100, t0 - 2],
          [200, t0 - 1],
        ]),
      },
    ],
    ['without a maximum', { nextOffset: 1, maxEventTime: null, earlier: new Map() }],
    [
      'of the largest offset and the first time',
      { nextOffset: 2 ** 53 - 1, maxEventTime: -8.64e15, earlier: new Map([[2 ** 52, -8.64e15]]) },
    ],
  ] as const)
    test(`a checkpoint ${what} is read as it was written`, async () => {
      const { stores } = open();
      const partition = somewhere();
      await stores.writeCheckpoint(partition, checkpoint);
      deepStrictEqual(await stores.readCheckpoint(partition), checkpoint);
    });

  test('a checkpoint takes the place of the one before, whole, also a lower one', async () => {
    const { stores } = open();
    const partition = somewhere();
    await stores.writeCheckpoint(partition, {
      nextOffset: 9,
      maxEventTime: t0,
      earlier: new Map([[5, t0]]),
    });
    const lower = { nextOffset: 3, maxEventTime: null, earlier: new Map() };
    await stores.writeCheckpoint(partition, lower);
    deepStrictEqual(await stores.readCheckpoint(partition), lower);
  });

  test('partitions of a topic have checkpoints of their own', async () => {
    const { stores } = open();
    const partition = somewhere();
    await stores.writeCheckpoint(partition, {
      nextOffset: 9,
      maxEventTime: t0,
      earlier: new Map(),
    });
    strictEqual(await stores.readCheckpoint({ ...partition, partition: 1 }), null);
  });

  test('a user’s events are read as they were written, twice written or not', async () => {
    const { stores, userEvents } = open();
    const first = event({
      metadata: new Map([
        ['page', '/ä🦊'],
        ['', ''],
      ]),
    });
    const second = event({ user_id: userOf(first), event_time: t0 + 1 });
    for (const one of [first, second, first]) await write(stores, one);
    deepStrictEqual(await userEvents(userOf(first)), [second, first]);
  });

  test('times before the epoch, on both sides of midnight and at the ends of the range are kept to the millisecond', async () => {
    const { stores, userEvents } = open();
    const times = [8.64e15, Date.UTC(2026, 2, 11), Date.UTC(2026, 2, 11) - 1, 0, -1, -8.64e15];
    const userId = randomUUID();
    for (const event_time of times) await write(stores, event({ user_id: userId, event_time }));
    deepStrictEqual(
      (await userEvents(userId)).map(({ event_time }) => event_time),
      times,
    );
  });

  test('of events of one key the last written stays, with its own metadata alone', async () => {
    const { stores, userEvents } = open();
    const first = event({
      metadata: new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    });
    const second = { ...first, event_id: randomUUID(), metadata: new Map([['c', '3']]) };
    await write(stores, first);
    await write(stores, second);
    deepStrictEqual(await userEvents(userOf(first)), [second]);
    const bare = { ...second, metadata: new Map() };
    await write(stores, bare);
    deepStrictEqual(await userEvents(userOf(first)), [bare]);
  });

  test('metadata keys of objects’ own machinery, NUL and 10,000 entries are kept', async () => {
    const { stores, userEvents } = open();
    const many = event({
      event_type: 'a\0b',
      metadata: new Map([
        ...['__proto__', 'constructor', 'hasOwnProperty', 'a\0b'].map((key): [string, string] => [
          key,
          key,
        ]),
        ...Array.from({ length: 10_000 }, (_, n): [string, string] => [`key${n}`, `${n}`]),
      ]),
    });
    await write(stores, many);
    const [read] = await userEvents(userOf(many));
    deepStrictEqual(sorted(read?.['metadata']), sorted(many['metadata']));
    strictEqual(read?.['event_type'], 'a\0b');
  });

  test('texts of every kind of character are kept, in each place that has one', async () => {
    const { stores, userEvents, rejected } = open();
    const userId = randomUUID();
    // NUL, four bytes, the replacement character itself, a noncharacter, a lone combining mark, text that is not normalized, a line break.
    const texts = [
      '\0',
      'a\0b',
      '🦊',
      '\u{10FFFF}',
      '\uFFFD',
      '\uFFFF',
      '\u0301',
      'e\u0301é',
      '\u2028\r\n',
    ];
    const events = texts.map((text, index) =>
      event({
        user_id: userId,
        event_type: text,
        event_time: t0 - index,
        metadata: new Map([[text, text]]),
      }),
    );
    await write(stores, ...events);
    deepStrictEqual(await userEvents(userId), events);
    const headers = texts.map((name) => ({ name, value: Buffer.from(name) }));
    const late = somewhere({ headers });
    await writeRejected(stores, late, { kind: 'rejected', reason: 'late', detail: texts.join('') });
    deepStrictEqual(await rejected(late.topic), [
      { record: late, kind: 'rejected', reason: 'late', detail: texts.join('') },
    ]);
  });

  test('a metadata key of 100 kB is kept', async () => {
    const { stores, userEvents } = open();
    const large = event({ metadata: new Map([['k'.repeat(100_000), 'v']]) });
    await write(stores, large);
    deepStrictEqual(await userEvents(userOf(large)), [large]);
  });

  test('10,000 headers of one name are kept in their order', async () => {
    const { stores, rejected } = open();
    const headers = Array.from({ length: 10_000 }, (_, n) => ({
      name: '',
      value: Buffer.of(n & 255),
    }));
    const late = somewhere({ headers });
    await writeRejected(stores, late, { kind: 'rejected', reason: 'late', detail: '' });
    deepStrictEqual((await rejected(late.topic))[0]?.record.headers, headers);
  });

  test('many rows, of one user and of many, are each kept, in requests that hold each row once', async () => {
    const { stores, userEvents } = open();
    const alone = Array.from({ length: 40 }, () => event());
    const userId = randomUUID();
    const together = Array.from({ length: 250 }, (_, n) =>
      event({ user_id: userId, event_time: t0 - n, metadata: new Map([['n', `${n}`]]) }),
    );
    const rows = [...alone.slice(0, 20), ...together, ...alone.slice(20)].map((one) => ({
      event: eventOf(one),
    }));
    const writes = stores.planUserEventWrites(rows);
    const firsts = writes.map((one) => rows.indexOf(one.rows[0]));
    deepStrictEqual(
      firsts,
      firsts.toSorted((a, b) => a - b),
    );
    deepStrictEqual(new Set(writes.flatMap((one) => [...one.rows])), new Set(rows));
    strictEqual(writes.flatMap((one) => [...one.rows]).length, rows.length);
    await Promise.all(writes.map(({ write }) => write()));
    deepStrictEqual(await userEvents(userId), together);
    for (const one of alone) deepStrictEqual(await userEvents(userOf(one)), [one]);
  });

  test('no rows are no request', () => {
    deepStrictEqual(open().stores.planUserEventWrites([]), []);
  });

  test('metadata of 900 kB is kept', async () => {
    const { stores, userEvents } = open();
    const large = event({ metadata: new Map([['large', 'x'.repeat(900_000)]]) });
    await write(stores, large);
    deepStrictEqual(await userEvents(userOf(large)), [large]);
  });

  test('a rejected record is kept whole with its reason, twice rejected or not', async () => {
    const { stores, rejected } = open();
    const late = somewhere({
      partition: 3,
      offset: 2 ** 40,
      key: Buffer.of(0, 255),
      value: Buffer.of(128, 0),
      headers: [
        { name: 'a', value: Buffer.of(255) },
        { name: 'a', value: Buffer.alloc(0) },
        { name: 'b', value: null },
      ],
    });
    const rejection: Rejection = {
      kind: 'rejected',
      reason: 'late',
      detail: 'behind',
      eventTime: -1,
      watermark: t0,
    };
    await writeRejected(stores, late, rejection);
    await writeRejected(stores, late, rejection);
    deepStrictEqual(await rejected(late.topic), [{ record: late, ...rejection }]);
  });

  test('many rejected records, of several days, are each kept, in fewer requests', async () => {
    const { stores, rejected } = open();
    const first = somewhere();
    const rows = Array.from({ length: 250 }, (_, offset) => ({
      record: { ...first, offset, timestamp: t0 + (offset % 3) * 86_400_000 },
      rejection: { kind: 'rejected', reason: 'late', detail: `${offset}` } as const,
    }));
    const writes = stores.planRejectedWrites(rows);
    deepStrictEqual(new Set(writes.flatMap((one) => [...one.rows])), new Set(rows));
    strictEqual(writes.flatMap((one) => [...one.rows]).length, rows.length);
    await Promise.all(writes.map(({ write }) => write()));
    deepStrictEqual(
      (await rejected(first.topic)).sort((one, other) => one.record.offset - other.record.offset),
      rows.map(({ record, rejection }) => ({ record, ...rejection })),
    );
  });

  test('a rejected record without key, value, headers and timestamp is kept', async () => {
    const { stores, rejected } = open();
    const bare = somewhere({ timestamp: -1, value: null });
    const rejection: Rejection = { kind: 'rejected', reason: 'tombstone', detail: '' };
    await writeRejected(stores, bare, rejection);
    deepStrictEqual(await rejected(bare.topic), [{ record: bare, ...rejection }]);
  });

  test('a key and a value of no bytes are not the same as none', async () => {
    const { stores, rejected } = open();
    const empty = somewhere({ key: Buffer.alloc(0), value: Buffer.alloc(0) });
    await writeRejected(stores, empty, { kind: 'rejected', reason: 'undecodable', detail: '' });
    const [kept] = await rejected(empty.topic);
    deepStrictEqual([kept?.record.key, kept?.record.value], [Buffer.alloc(0), Buffer.alloc(0)]);
  });
};
