import avro from 'avsc';
import { publishedFields } from '../../cli/verify/rules/schema-fields.ts';
import schema from '../../schema/user-event.avsc.json' with { type: 'json' };
import writerSchemas from '../../schema/writer-schemas.json' with { type: 'json' };
import type { EncodedEvent, GeneratedRecord, Intent } from './generated-record.ts';
import { makeOtherFields } from './other-fields.ts';
import { createRandom, type Random } from './random.ts';

export interface GeneratorOptions {
  readonly seed: number;
  readonly partitions: number;
  /** The timestamp of the first record, in milliseconds. */
  readonly startTime: number;
  /** The milliseconds between the timestamps of two records. */
  readonly step: number;
  /** Gives each record's timestamp instead, when it is made. */
  readonly clock?: () => number;
  /** Encodes an event; by default as bare Avro. */
  readonly encode?: Encode;
  /** Makes late, broken and poisoned records come in bursts too, by the seconds of the timestamps. Default false. */
  readonly bursts?: boolean;
}

/** Encodes an event as a record's value. */
export type Encode = (event: EncodedEvent) => Buffer;

/** The number of records of each kind in 10,000; the rest are ordinary. */
export const rates = {
  /**
   * Records more than two minutes behind the partition's largest event time: `late` up to an hour, `barelyLate` by one
   * millisecond.
   */
  late: 150,
  barelyLate: 20,
  /** Records exactly two minutes behind. */
  barelyOnTime: 20,
  undecodable: 60,
  tombstone: 40,
  invalid: 40,
  /** Records more than two minutes ahead of their own timestamp, up to a year; a tenth of them by one millisecond. */
  future: 40,
  /** Records with the row key of an earlier event of the partition: the event just before, or any of the last thousands. */
  collision: 100,
  /** Records with an upper-case user_id. */
  upperCase: 50,
  nullKey: 200,
  headers: 1_000,
  /** Records with the longest allowed event_type. */
  longestType: 10,
} as const;

const outOfOrderness = 120_000;
/** The smallest lead of an event over its record's timestamp that keeps the maximum as it is. */
const firstFuture = outOfOrderness + 1;
/** The longest delay of an ordinary event, in milliseconds. A tenth of the ordinary events have one. */
const longestDelay = 90_000;
/** The number of earlier events of a partition that a collision may pick from. */
const remembered = 3_000;

const users = 5_000;
/** The number of users that share `hotShare` of 10,000 events. */
const hotUsers = 20;
const hotShare = 4_000;

const userIds = Array.from(
  { length: users },
  (_, user) => `abcdef00-0000-4000-8000-${String(user).padStart(12, '0')}`,
);
/** The keys of all users, made once: encoding ids and keys for each record took a tenth of the generator's time. */
const keys = userIds.map((id) => Buffer.from(id));

const type = avro.Type.forSchema(schema as avro.Schema);

/** Encodes an event as bare Avro. */
export const encodeAvro: Encode = (event) => type.toBuffer(event);

/** The fields that the generator fills by name. */
const named = ['user_id', 'event_type', 'event_time', 'event_id', 'metadata'];
const others = publishedFields.filter(({ name }) => !named.includes(name));

/** The generator's state of one partition. */
interface Partition {
  nextOffset: number;
  max: number | null;
  readonly onTime: EncodedEvent[];
}

/** Generates an endless stream of records in production order; equal options give equal records. */
export const generate = function* (options: GeneratorOptions): Generator<GeneratedRecord, never> {
  const random = createRandom(options.seed);
  const { encode = encodeAvro, bursts = false } = options;
  // A separate random stream, so that an added field does not change the values of the other fields.
  const otherRandom = createRandom(~options.seed);
  const partitions = Array.from(
    { length: options.partitions },
    (): Partition => ({ nextOffset: 0, max: null, onTime: [] }),
  );
  for (let count = 0; ; count += 1) {
    const timestamp = options.clock?.() ?? Math.floor(options.startTime + count * options.step);
    const user = random.chance(hotShare)
      ? random.between(0, hotUsers - 1)
      : random.between(0, users - 1);
    // A user is always in the same partition, as if the key were hashed.
    const number = user % options.partitions;
    const partition = partitions[number] as Partition;
    const { intent, value } = make(random, partition, {
      user,
      timestamp,
      others: makeOtherFields(others, otherRandom),
      encode,
      burst: bursts ? burstAt(timestamp) : null,
    });
    if (intent.kind === 'on-time') {
      const { event } = intent;
      partition.max = Math.max(partition.max ?? event.event_time, event.event_time);
      partition.onTime[partition.nextOffset % remembered] = event;
    }
    yield {
      partition: number,
      offset: partition.nextOffset,
      timestamp,
      key: random.chance(rates.nullKey) ? null : (keys[user] as Buffer),
      value,
      headers: random.chance(rates.headers) ? headers(random) : [],
      intent,
    };
    partition.nextOffset += 1;
  }
};

/** The parts of a record that `make` does not choose. */
interface Given {
  readonly user: number;
  /** The record's timestamp, in milliseconds. */
  readonly timestamp: number;
  /** The values of the fields that the generator does not know by name. */
  readonly others: Readonly<Record<string, unknown>>;
  readonly encode: Encode;
  /** The kind that a third of the records have at this time; null for none. */
  readonly burst: RareKind | null;
}

/** The bursts of a cycle, in seconds from its start. */
const bursts: readonly { readonly kind: RareKind; readonly from: number; readonly to: number }[] = [
  { kind: 'late', from: 10, to: 14 },
  { kind: 'undecodable', from: 25, to: 28 },
  { kind: 'late', from: 36, to: 38 },
  { kind: 'invalid', from: 44, to: 46 },
];
const cycleSeconds = 60;
/** The number of records in 10,000 that are of a burst's kind while it lasts. */
const burstShare = 3_500;

const burstAt = (timestamp: number): RareKind | null => {
  const second = Math.floor(timestamp / 1000) % cycleSeconds;
  return bursts.find(({ from, to }) => second >= from && second < to)?.kind ?? null;
};

const make = (
  random: Random,
  partition: Partition,
  { user, timestamp, others: otherFields, encode, burst }: Given,
): { intent: Intent; value: Buffer | null } => {
  const { max } = partition;
  const kind = burst !== null && random.chance(burstShare) ? burst : pickKind(random);
  const event = { ...ordinary(random, user, max, timestamp), ...otherFields };
  const as = (intent: Exclude<Intent, { kind: 'broken' }>) => ({
    intent,
    value: encode(intent.event),
  });
  const broken = (reason: (Intent & { kind: 'broken' })['reason'], value: Buffer | null) => ({
    intent: { kind: 'broken', reason } as const,
    value,
  });
  const at = (event_time: number): EncodedEvent => ({ ...event, event_time });

  if (max !== null) {
    const edge = max - outOfOrderness;
    if (kind === 'late')
      return as({ kind: 'late', event: at(edge - random.between(1, 3_600_000)) });
    if (kind === 'barelyLate') return as({ kind: 'late', event: at(edge - 1) });
    if (kind === 'barelyOnTime') return as({ kind: 'on-time', event: at(edge) });
    if (kind === 'collision') {
      const same = earlierEvent(random, partition);
      if (same !== undefined && same.event_time >= edge) {
        const { user_id, event_type, event_time } = same;
        return as({ kind: 'on-time', event: { ...event, user_id, event_type, event_time } });
      }
    }
  }
  if (kind === 'tombstone') return broken('tombstone', null);
  if (kind === 'undecodable') return broken('undecodable', undecodable(random, event, encode));
  if (kind === 'invalid') return invalid(random, event, encode);
  if (kind === 'future') {
    const ahead = random.between(firstFuture, 31_536_000_000);
    return as({
      kind: 'future',
      event: at(timestamp + (ahead % 10 === 0 ? firstFuture : ahead)),
    });
  }
  if (kind === 'upperCase')
    return as({ kind: 'on-time', event: { ...event, user_id: event.user_id.toUpperCase() } });
  if (kind === 'longestType')
    return as({ kind: 'on-time', event: { ...event, event_type: 'ξ'.repeat(400) } });
  return as({ kind: 'on-time', event });
};

const kinds = [
  'late',
  'barelyLate',
  'barelyOnTime',
  'undecodable',
  'tombstone',
  'invalid',
  'future',
  'collision',
  'upperCase',
  'longestType',
] as const;

type RareKind = (typeof kinds)[number];

const pickKind = (random: Random): RareKind | 'ordinary' => {
  let left = random.between(0, 9_999);
  for (const kind of kinds) {
    if (left < rates[kind]) return kind;
    left -= rates[kind];
  }
  return 'ordinary';
};

const eventTypes = [
  'page_view',
  'click',
  'scroll',
  'search',
  'add_to_cart',
  'purchase',
  'αναζήτηση',
] as const;
const pages = ['/', '/search', '/cart', '/products/4711', '/help/contact', '/über-uns'] as const;

const ordinary = (
  random: Random,
  user: number,
  max: number | null,
  timestamp: number,
): EncodedEvent => {
  const delay = random.chance(1_000) ? random.between(0, longestDelay) : random.between(0, 1_000);
  return {
    user_id: userIds[user] as string,
    event_type: random.oneOf(eventTypes),
    // The time is never behind the watermark, so that an ordinary event is on time after any other event.
    event_time: Math.max(timestamp - delay, (max ?? Number.NEGATIVE_INFINITY) - outOfOrderness),
    event_id: uuid(random.between(0, 0xffffffff), random.between(0, 0xffffffff)),
    metadata: metadata(random),
  };
};

/** Picks the event just before, or one further back. */
const earlierEvent = (
  random: Random,
  { onTime, nextOffset }: Partition,
): EncodedEvent | undefined =>
  random.chance(5_000)
    ? onTime[(nextOffset - 1 + remembered) % remembered]
    : onTime[random.between(0, onTime.length - 1)];

const metadata = (random: Random): Record<string, string> => {
  if (random.chance(100)) return {};
  const entries: Record<string, string> = {
    page: random.oneOf(pages),
    session: uuid(random.between(0, 0xffffffff), 7),
    device: random.oneOf(['phone', 'desktop', 'tablet']),
  };
  if (random.chance(3_000)) entries['campaign'] = random.oneOf(['spring', 'ξ', '🦊 sale', '']);
  if (random.chance(100)) entries['constructor'] = 'x';
  // A plain assignment would set the prototype.
  if (random.chance(100))
    Object.defineProperty(entries, '__proto__', { value: 'x', enumerable: true });
  return entries;
};

/**
 * True where values of older layouts are readable. A truncated or extended event of today may then be a whole event of an older
 * layout.
 */
const hasOlder = 'bare' in writerSchemas;
/** The bytes of a user_id, which an event of any layout has. */
const shorterThanAny = 36;

const undecodable = (random: Random, event: EncodedEvent, encode: Encode): Buffer => {
  const whole = encode(event);
  switch (random.between(0, 4)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return whole.subarray(0, random.between(1, hasOlder ? shorterThanAny : whole.length - 1));
    case 2:
      return Buffer.concat([whole, Buffer.of(hasOlder ? 0xff : 0)]);
    case 3: {
      // The first byte of the event type becomes a byte that UTF-8 does not use.
      const changed = Buffer.from(whole);
      changed[whole.indexOf(event.event_type)] = 0xff;
      return changed;
    }
    default:
      // The first byte is not the length of a uuid.
      return Buffer.concat([Buffer.of(0xff), random.bytes(random.between(0, 60))]);
  }
};

const invalid = (random: Random, event: EncodedEvent, encode: Encode) => {
  const as = (reason: (Intent & { kind: 'broken' })['reason'], given: Partial<EncodedEvent>) => ({
    intent: { kind: 'broken', reason } as const,
    value: encode({ ...event, ...given }),
  });
  switch (random.between(0, 4)) {
    case 0:
      return as('invalid_uuid', { user_id: event.user_id.replaceAll('-', '') });
    case 1:
      return as('invalid_uuid', { event_id: 'none' });
    case 2:
      return as('invalid_event_type', { event_type: '' });
    case 3: {
      const bytes = random.between(801, 2_000);
      // A `ξ` has two bytes, so that most of these texts have no more than 800 characters.
      const event_type = bytes % 2 === 0 ? 'ξ'.repeat(bytes / 2) : 'x'.repeat(bytes);
      return as('invalid_event_type', { event_type });
    }
    default:
      // The time is in microseconds, or the first millisecond of the year 10000.
      return as('invalid_event_time', {
        event_time: random.oneOf([event.event_time * 1_000, 253_402_300_800_000]),
      });
  }
};

const headers = (random: Random): GeneratedRecord['headers'] => [
  ['trace-id', random.bytes(16)],
  ['source', Buffer.from('wëb')],
  ...(random.chance(2_000) ? [['trace-id', Buffer.alloc(0)] as const] : []),
];

/** Four hexadecimal digits by 16-bit value: a table, because each event needs four of them. */
const fourDigits = Array.from({ length: 0x1_0000 }, (_, value) =>
  value.toString(16).padStart(4, '0'),
);
const hex = (value: number): string => `${fourDigits[value >>> 16]}${fourDigits[value & 0xffff]}`;

/** Makes a uuid from two random words of 32 bits. */
const uuid = (one: number, other: number): string => {
  const [a, b] = [hex(one >>> 0), hex(other >>> 0)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5, 8)}-8${a.slice(5, 8)}-${b}${a.slice(0, 4)}`;
};
