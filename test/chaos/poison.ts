import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import type { Random } from '../../local/dataset/random.ts';
import { encode } from '../support/avro.ts';

/** What the servers of the chaos take in one write: little, so that records of ordinary sizes can be too large. */
export const maxMutationSize = '128KiB';

/** Entries of three letters and one: each costs the table a byte more than its seven on Kafka. */
const manyEntries: Record<string, string> = Object.fromEntries(
  Array.from({ length: 20_500 }, (_, n) => [n.toString(36).padStart(3, '0'), 'x']),
);

/** Too large for user_events, not for rejected_events. */
const refusedEntries = 10_000;
/** Too large for both. */
const unkeepableBytes = 140_000;

/** By its bytes alone, what of the two tables has no room for a record; its event as expected-tables.ts reads it. */
export const tooLargeFor = (
  { value }: Pick<GeneratedRecord, 'value'>,
  metadataEntries: number,
): 'nothing' | 'user_events' | 'both' => {
  if ((value?.length ?? 0) >= unkeepableBytes) return 'both';
  return metadataEntries >= refusedEntries ? 'user_events' : 'nothing';
};

/** Records that are too large: for no table, for user_events, or for both, which are for the on-failure destination. */
export type LargePoison = 'none' | 'refused' | 'unkeepable';

/** The records, and one poisonous one after every so many: bytes that are no event, no value at all, rows too large. */
export const withPoison = function* (
  records: Iterable<GeneratedRecord>,
  random: Random,
  every: number,
  large: LargePoison,
): Generator<GeneratedRecord> {
  const added = new Map<number, number>();
  let count = 0;
  for (const record of records) {
    const { partition } = record;
    const shift = added.get(partition) ?? 0;
    const offset = record.offset + shift;
    yield { ...record, offset };
    count += 1;
    if (count % every !== 0) continue;
    added.set(partition, shift + 1);
    yield {
      ...record,
      offset: offset + 1,
      headers: [],
      // No intent of the generator's: its bytes say what is due.
      intent: { kind: 'broken', reason: 'undecodable' },
      value: poison(record, random, large),
    };
  }
};

const poison = (
  { timestamp }: GeneratedRecord,
  random: Random,
  large: LargePoison,
): Buffer | null => {
  const event = { event_time: timestamp, user_id: poisonUser(random) };
  const one = random.between(0, 19);
  if (one < 2 && large !== 'none') return encode({ ...event, metadata: manyEntries });
  // It costs the rest of its batch its rows, so there is little of it.
  if (one === 2 && large === 'unkeepable')
    return encode({ ...event, metadata: { x: 'x'.repeat(unkeepableBytes) } });
  // A first byte that no wire format begins with: others name a schema, which does not exist.
  if (one < 8) return Buffer.concat([Buffer.of(0xff), random.bytes(39)]);
  return one < 14 ? null : Buffer.concat([encode(event), Buffer.of(0)]);
};

/** Not of those that the generator has: their rows are theirs alone. */
const poisonUser = (random: Random): string =>
  `99999999-0000-4000-8000-${String(random.between(0, 999_999_999)).padStart(12, '0')}`;
