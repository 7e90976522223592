import type { FailureEnvelope } from 'local-kafka-trigger';
import { expectedOf } from '../../cli/verify/rules/expected.ts';
import {
  createExpectedTables,
  type ExpectedTables,
  entriesOf,
} from '../../local/dataset/expected-tables.ts';
import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import { tooLargeFor } from './poison.ts';

/** A record's name, `partition@offset`. */
export type At = string;

export const at = ({ partition, offset }: { partition: number; offset: number }): At =>
  `${partition}@${offset}`;

/** A ledger of every record on the topic, with its allowed fates besides the demanded one. */
export interface Ledger {
  readonly expectedTables: ExpectedTables;
  /** The row keys of the records that are events. */
  readonly keys: ReadonlyMap<At, string>;
  /** The digests of all events with a row key. */
  readonly digests: ReadonlyMap<string, ReadonlySet<string>>;
  readonly late: ReadonlySet<At>;
  readonly unkeepable: ReadonlySet<At>;
}

/**
 * Computes the expected rows of the produced records. A record that the on-failure destination was given demands no row, and does
 * not raise the maximum.
 */
export const createLedger = (
  records: readonly GeneratedRecord[],
  partitions: number,
  destination: ReadonlySet<At>,
): Ledger => {
  const expectedTables = createExpectedTables(partitions, { tooLargeFor });
  const keys = new Map<At, string>();
  const digests = new Map<string, Set<string>>();
  const late = new Set<At>();
  const unkeepable = new Set<At>();
  for (const record of records) {
    const one = at(record);
    const expected = expectedOf(record.value);
    if ('event' in expected) {
      const { event } = expected;
      const key = expectedTables.rows.key(event);
      keys.set(one, key);
      const ofKey = digests.get(key) ?? new Set();
      digests.set(key, ofKey.add(expectedTables.rows.digest(event)));
      if (tooLargeFor(record, entriesOf(event)) === 'both') unkeepable.add(one);
    }
    if (destination.has(one)) expectedTables.skip(record);
    else if (expectedTables.add(record) === 'late') late.add(one);
  }
  return { expectedTables, keys, digests, late, unkeepable };
};

/** Lists the records of envelopes, by partition in offset order. */
export const destinationParts = (envelopes: readonly FailureEnvelope[]): At[][] =>
  envelopes.flatMap(({ payload }) =>
    Object.values(
      (JSON.parse(payload) as { records: Record<string, { partition: number; offset: number }[]> })
        .records,
    ).map((records) => records.map(at)),
  );
