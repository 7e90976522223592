import fc from 'fast-check';
import { avroBytes, eventBytes } from './avro-bytes.ts';

/**
 * JSON as a tree. Unlike a JavaScript object it keeps repeated keys, `__proto__`, and numbers as they are written.
 */
type Json = { readonly raw: string } | readonly Json[] | { readonly entries: readonly Entry[] };
type Entry = readonly [key: string, value: Json];

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

const write = (json: Json): string => {
  if (isList(json)) return `[${json.map(write).join()}]`;
  if ('raw' in json) return json.raw;
  return `{${json.entries.map(([key, value]) => `${JSON.stringify(key)}:${write(value)}`).join()}}`;
};

const raw = (value: unknown): Json => ({ raw: JSON.stringify(value) });
const nested = (depth: number): Json => ({ raw: '['.repeat(depth) + ']'.repeat(depth) });
const many = (count: number): Json => ({ raw: `[${'0,'.repeat(count)}0]` });

/** A canary in all contents: no message may have it. */
export const canary = 'canary 4711';

const names = fc.constantFrom(
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'length',
  '',
);

/** Replacements of a field: every kind of JSON value. */
const anything: fc.Arbitrary<Json> = fc.oneof(
  fc
    .constantFrom(
      'null',
      'true',
      'false',
      '0',
      '-0',
      '-1',
      '1.5',
      '1e999',
      '-1e999',
      '1e-999',
      '2147483648',
    )
    .map((text): Json => ({ raw: text })),
  fc
    .constantFrom(
      '9007199254740991',
      '9007199254740993',
      '9223372036854775807',
      '-9223372036854775808',
    )
    .map((text): Json => ({ raw: text })),
  fc
    .constantFrom(
      '',
      canary,
      '\ud800',
      'a\0b',
      '🦊',
      '=',
      'dg',
      'dg=',
      'dg==',
      'd g = =',
      '!dmFsdWU=',
      '__proto__',
    )
    .map(raw),
  fc.constantFrom(1, 10, 5_000).map(nested),
  fc.constantFrom(0, 1, 5_000).map(many),
  fc.constant<Json>({ entries: [] }),
  fc.constant<Json>({ raw: `{"toString":1,"valueOf":"${canary}","length":1e9}` }),
  names.map((name): Json => ({ entries: [[name, raw(canary)]] })),
);

const base64 = (value: Buffer): Json => raw(value.toString('base64'));
const bytes = fc.oneof(
  { weight: 6, arbitrary: eventBytes.map(base64) },
  { weight: 2, arbitrary: avroBytes.map(base64) },
  { weight: 1, arbitrary: fc.constant<Json>({ raw: 'null' }) },
);
const headerBytes = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.array(fc.integer({ min: -128, max: 127 }), { maxLength: 4 }).map(raw),
  },
  { weight: 1, arbitrary: anything.map((thing): Json => [raw(1), thing]) },
);
const header = fc
  .tuple(
    fc.oneof(names, fc.constantFrom('trace', 'ë', 'a\0b')),
    fc.oneof(headerBytes, fc.constant(raw(null))),
  )
  .map((entry): Json => ({ entries: [entry] }));

const timestamp = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 4_102_444_800_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 2 ** 53, 9.3e18, -9.3e18) },
);

const item = fc.record({
  gap: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(1_000) }),
  timestamp,
  key: bytes,
  value: bytes,
  headers: fc.array(header, { maxLength: 3 }).map((list): Json => list),
});

const partition = fc.record({
  topic: fc.constantFrom('events', 'a-b-1', 'x'.repeat(249)),
  partition: fc.oneof(
    { weight: 30, arbitrary: fc.nat(9) },
    { weight: 3, arbitrary: fc.constant(2 ** 31 - 1) },
    { weight: 1, arbitrary: fc.constant(2 ** 31) },
  ),
  key: fc.constantFrom(...Array(9).fill('topic-partition'), 'other'),
  first: fc.oneof(fc.nat(100), fc.constant(2 ** 53 - 3_000)),
  items: fc.array(item, { maxLength: 6 }),
});

const object = (fields: Readonly<Record<string, Json>>): Json => ({
  entries: Object.entries(fields),
});

/** An event as Lambda sends it, except that a partition may come twice, under another key or the same. */
const event: fc.Arbitrary<Json> = fc
  .record({
    eventSource: fc.constantFrom('aws:kafka', 'SelfManagedKafka').map(raw),
    partitions: fc.array(partition, { maxLength: 4 }),
  })
  .map(({ eventSource, partitions }): Json => {
    const records = partitions.map(({ topic, partition: number, key, first, items }): Entry => {
      let offset = first;
      const list = items.map(({ gap, timestamp: time, ...contents }): Json => {
        offset += Math.max(gap, 1);
        const position = { topic: raw(topic), partition: raw(number), offset: raw(offset) };
        return object({ ...position, timestamp: raw(time), ...contents });
      });
      return [key === 'other' ? key : `${topic}-${number}`, list];
    });
    return object({ eventSource, records: { entries: records } });
  });

/** A change in a tree. `steps` lead from the root to its place, each a share of the entries there. */
interface Change {
  readonly steps: readonly number[];
  readonly make: (json: Json, share: number) => Json;
}

const change = ({ steps: [share = 0, ...steps], make }: Change, json: Json): Json => {
  if (!isList(json) && 'raw' in json) return make(json, share);
  if (steps.length === 0) return make(json, share);
  const next = (child: Json): Json => change({ steps, make }, child);
  if (isList(json)) {
    const chosen = Math.floor(share * json.length);
    return json.map((child, index) => (index === chosen ? next(child) : child));
  }
  const chosen = Math.floor(share * json.entries.length);
  return {
    entries: json.entries.map(([key, child], index) => [
      key,
      index === chosen ? next(child) : child,
    ]),
  };
};

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const make: fc.Arbitrary<Change['make']> = fc.oneof(
  { weight: 4, arbitrary: anything.map((thing) => () => thing) },
  // Fields are removed, doubled or renamed; records are removed, doubled or reordered.
  {
    weight: 1,
    arbitrary: fc.constant((json: Json, at: number): Json => {
      if (isList(json)) return json.toSpliced(Math.floor(at * json.length), 1);
      return 'raw' in json
        ? json
        : { entries: json.entries.toSpliced(Math.floor(at * json.entries.length), 1) };
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant((json: Json, at: number): Json => {
      if (isList(json)) return [...json, ...json.slice(Math.floor(at * json.length))];
      return 'raw' in json
        ? json
        : {
            entries: [...json.entries, ...json.entries.slice(Math.floor(at * json.entries.length))],
          };
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant((json: Json): Json => (isList(json) ? json.toReversed() : json)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(names, anything).map(
      ([name, thing]) =>
        (json: Json): Json =>
          isList(json) || 'raw' in json ? json : { entries: [...json.entries, [name, thing]] },
    ),
  },
);

/** The first step of a change: mostly to the event's records, in its second half. */
const first = fc.oneof({ weight: 1, arbitrary: share }, { weight: 6, arbitrary: fc.constant(0.9) });

const changes = fc.array(
  fc.record({
    steps: fc.tuple(first, fc.array(share, { maxLength: 5 })).map((steps) => steps.flat()),
    make,
  }),
  { maxLength: 2 },
);

/** The texts of events: as Lambda sends them, with up to two faults, or any JSON. */
export const eventJson: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 15,
    arbitrary: fc
      .tuple(event, changes)
      .map(([json, made]) => write(made.reduce((before, one) => change(one, before), json))),
  },
  { weight: 1, arbitrary: anything.map(write) },
);
