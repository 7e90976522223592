import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import type { Random } from '../../local/dataset/random.ts';
import { encode } from '../support/avro.ts';

/** The largest write of the chaos servers: small, so that records of ordinary sizes can be too large. */
export const maxMutationSize = '128KiB';

/** The metadata of an oversized row: each entry of three letters and one takes seven bytes on Kafka and one more in the table. */
const manyEntries: Record<string, string> = Object.fromEntries(
  Array.from({ length: 20_500 }, (_, n) => [n.toString(36).padStart(3, '0'), 'x']),
);

/** The number of entries that is too large for user_events, and not for rejected_events. */
const refusedEntries = 10_000;
/** The size of a value that is too large for both tables. */
const unkeepableBytes = 140_000;

/** Tells for which tables a record is too large, by its bytes and by the metadata entries that expected-tables.ts reads from them. */
export const tooLargeFor = (
  { value }: Pick<GeneratedRecord, 'value'>,
  metadataEntries: number,
): 'nothing' | 'user_events' | 'both' => {
  if ((value?.length ?? 0) >= unkeepableBytes) return 'both';
  return metadataEntries >= refusedEntries ? 'user_events' : 'nothing';
};

/** The tables for which records are too large: none, user_events, or both (then they go to the on-failure destination). */
export type LargePoison = 'none' | 'refused' | 'unkeepable';

/** Yields the records, with one poisonous record after every so many: bytes that are no event, no value, or a row too large. */
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
      // The intent is a placeholder: the bytes decide what is expected.
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
  // An unkeepable record fails the rest of its batch, so it is rare.
  if (one === 2 && large === 'unkeepable')
    return encode({ ...event, metadata: { x: 'x'.repeat(unkeepableBytes) } });
  // No wire format begins with this byte; another first byte could name a schema that does not exist.
  if (one < 8) return Buffer.concat([Buffer.of(0xff), random.bytes(39)]);
  return one < 14 ? null : Buffer.concat([encode(event), Buffer.of(0)]);
};

/** Makes a user that the generator does not have, so that no row key is shared. */
const poisonUser = (random: Random): string =>
  `99999999-0000-4000-8000-${String(random.between(0, 999_999_999)).padStart(12, '0')}`;
