import type { GeneratedRecord } from '../../local/world/generated-record.ts';
import type { Random } from '../../local/world/random.ts';
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

/** By its bytes alone, what of the two tables has no room for a record; its event as the truth reads it. */
export const tooLargeFor = (
  { value }: Pick<GeneratedRecord, 'value'>,
  metadataEntries: number,
): 'nothing' | 'user_events' | 'both' => {
  if ((value?.length ?? 0) >= unkeepableBytes) return 'both';
  return metadataEntries >= refusedEntries ? 'user_events' : 'nothing';
};

export interface PoisonOptions {
  /** One poisonous record after so many others, so that few batches have none. */
  readonly every: number;
  /** Whether some are too large for every table, and are for the on-failure destination. */
  readonly unkeepable: () => boolean;
}

/** The records, with poison among them: bytes that are no event, no value at all, rows that are too large. */
export const withPoison = function* (
  records: Iterable<GeneratedRecord>,
  random: Random,
  { every, unkeepable }: PoisonOptions,
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
    yield { ...record, offset: offset + 1, headers: [], ...poison(record, random, unkeepable()) };
  }
};

const poison = (
  { timestamp }: GeneratedRecord,
  random: Random,
  unkeepable: boolean,
): Pick<GeneratedRecord, 'value' | 'intent'> => {
  const event = { event_time: timestamp, user_id: poisonUser(random) };
  const intent = { kind: 'broken', reason: 'undecodable' } as const;
  switch (random.between(0, unkeepable ? 3 : 9)) {
    case 0:
      return { intent, value: encode({ ...event, metadata: manyEntries }) };
    case 1:
      return { intent, value: random.bytes(40) };
    case 2:
      return { intent, value: null };
    case 3:
      return unkeepable
        ? { intent, value: encode({ ...event, metadata: { x: 'x'.repeat(unkeepableBytes) } }) }
        : { intent, value: random.bytes(40) };
    default:
      return { intent, value: Buffer.concat([encode(event), Buffer.of(0)]) };
  }
};

/** Not of those that the generator has: their rows are theirs alone. */
const poisonUser = (random: Random): string =>
  `99999999-0000-4000-8000-${String(random.between(0, 999_999_999)).padStart(12, '0')}`;
