import pLimit from 'p-limit';
import type { UserEvent } from '../../../functions/ingest/event/user-event.ts';
import type { Delivery } from '../../../functions/ingest/pipeline/delivery.ts';
import { IngestError } from '../../../functions/ingest/pipeline/errors.ts';
import { nameOf } from '../../../functions/ingest/pipeline/kafka-record.ts';
import { persistently } from '../../tables/persistently.ts';
import { isRowOf, readUserEvent } from '../../tables/rows-of-record.ts';
import type { Target } from '../../target/target.ts';
import type { Verdict } from '../outcome.ts';
import { decodeReady } from './decode-ready.ts';
import type { Destination, Ready } from './destination.ts';
import { openWritePath, type WritePath } from './write-path.ts';
import { type Written, WrittenRows } from './written-rows.ts';

/** Rows that are read at once. */
const mostReads = 64;

/** A record that the function's code rejects. */
interface Rejected {
  readonly ready: Ready;
  readonly delivery: Delivery;
}

/** A record whose event would be a row. */
interface Row extends Rejected {
  readonly event: UserEvent;
  readonly key: string;
}

/** What stands in a record's row. */
type Found = 'nothing' | 'its own' | 'another' | 'an earlier one of its partition';

const verdicts = {
  wouldBe: { outcome: 'done', detail: 'its row would be written' },
  wouldBeOver: { outcome: 'done', detail: 'its row would be written over another record’s' },
  written: { outcome: 'done', detail: 'its row was written' },
  writtenOver: { outcome: 'done', detail: 'its row was written over another record’s' },
  there: { outcome: 'done', detail: 'its row is there' },
  superseded: { outcome: 'superseded', detail: 'another record has its row (--overwrite)' },
} as const satisfies Record<string, Verdict>;

interface ToTablesOptions {
  /** Writes over another record's row. */
  readonly overwrite: boolean;
  /** Makes a record that is rejected again a row of `rejected_events`; false where it has one already, or belongs to no topic of the pipeline. */
  readonly keepsRejected: boolean;
}

/**
 * Redrives records to the tables, by the function's own decoder and write path. A record's row is read first, so that it is never written
 * over another record's, unless that is asked for.
 */
export const toTables = async (
  target: Target,
  { overwrite, keepsRejected }: ToTablesOptions,
): Promise<Destination> => {
  const client = await target.cassandra();
  const { keyspace } = target.settings;
  const path = openWritePath(target, keepsRejected);
  const limit = pLimit(mostReads);

  /** Decodes records, and sorts out those that become no rows of user_events. */
  const rowsOf = async (
    records: readonly Ready[],
    into: Map<Ready, Verdict>,
  ): Promise<{ readonly rows: readonly Row[]; readonly rejected: readonly Rejected[] }> => {
    const rows: Row[] = [];
    const rejected: Rejected[] = [];
    for (const { ready, decoded } of await decodeReady(records, path.decoder)) {
      if (typeof decoded === 'string') {
        into.set(ready, { outcome: 'failed', detail: `its schema cannot be had: ${decoded}` });
        continue;
      }
      path.judge(decoded);
      const { event, rejection } = decoded;
      if (event !== null && rejection === null)
        rows.push({ ready, delivery: decoded, event, key: event.rowKey });
      else if (keepsRejected) rejected.push({ ready, delivery: decoded });
      else into.set(ready, { outcome: 'still rejected', detail: whyRejected(decoded) });
    }
    return { rows, rejected };
  };

  const look = async ({ event, key, ready }: Row, written: WrittenRows): Promise<Found> => {
    const row = await persistently('reading its row', () =>
      readUserEvent(client, keyspace, path.plan, event),
    );
    if (row !== null && isRowOf(row, event, path.plan)) return 'its own';
    if (row === null && !written.has(key)) return 'nothing';
    return written.isEarlier(key, ready.record) ? 'an earlier one of its partition' : 'another';
  };

  /** Looks at the rows, and settles the records that are not to be written. */
  const toWrite = async (
    rows: readonly Row[],
    written: WrittenRows,
    into: Map<Ready, Verdict>,
  ): Promise<Written[]> => {
    const found = await Promise.all(
      rows.map((row) => limit(() => look(row, written).catch(failureOf))),
    );
    return rows.flatMap((row, index) => {
      const is = found[index] as Found | Verdict;
      if (typeof is === 'object') into.set(row.ready, is);
      else if (is === 'its own') into.set(row.ready, verdicts.there);
      else if (is === 'another' && !overwrite) into.set(row.ready, verdicts.superseded);
      else return [{ ...row, over: is !== 'nothing' }];
      return [];
    });
  };

  const planned = new WrittenRows();
  const written = new WrittenRows();
  return {
    async forecast(records) {
      const into = new Map<Ready, Verdict>();
      const { rows, rejected } = await rowsOf(records, into);
      for (const { ready, delivery } of rejected)
        into.set(ready, { outcome: 'rejected', detail: whyRejected(delivery) });
      for (const round of rounds(rows))
        for (const { ready, over, key } of await toWrite(round, planned, into)) {
          into.set(ready, over ? verdicts.wouldBeOver : verdicts.wouldBe);
          planned.note(key, ready.record);
        }
      return records.map((ready) => into.get(ready) as Verdict);
    },
    async redrive(records) {
      const into = new Map<Ready, Verdict>();
      const { rows, rejected } = await rowsOf(records, into);
      await writeAll(path, rejected);
      for (const { ready, delivery } of rejected)
        into.set(ready, verdictOf(delivery, { over: false, keepsRejected }));
      for (const round of rounds(rows)) {
        const due = await toWrite(round, written, into);
        await writeAll(path, due);
        for (const { ready, delivery, over, key } of due) {
          into.set(ready, verdictOf(delivery, { over, keepsRejected }));
          if (delivery.outcome?.kind === 'written') written.note(key, ready.record);
        }
      }
      return records.map((ready) => into.get(ready) as Verdict);
    },
    [Symbol.asyncDispose]: () => path[Symbol.asyncDispose](),
  };
};

/** Cuts records into rounds, so that no two of a round have one row: the later one then finds what the earlier one has written. */
const rounds = function* (rows: readonly Row[]): Generator<Row[]> {
  for (let waiting = rows; waiting.length > 0; ) {
    const keys = new Set<string>();
    const round: Row[] = [];
    const later: Row[] = [];
    for (const row of waiting) {
      (keys.has(row.key) ? later : round).push(row);
      keys.add(row.key);
    }
    yield round;
    waiting = later;
  }
};

/** Writes records, those of each partition in offset order, as the function does. */
const writeAll = async (path: WritePath, records: readonly Rejected[]): Promise<void> => {
  const inOrder = records.toSorted(
    (one, other) => one.ready.record.offset - other.ready.record.offset,
  );
  const byPartition = Map.groupBy(inOrder, ({ ready }) => nameOf(ready.record));
  await Promise.all(
    [...byPartition.values()].map((some) => path.write(some.map(({ delivery }) => delivery))),
  );
};

const whyRejected = ({ rejection }: Delivery): string =>
  `${rejection?.reason}: ${rejection?.detail}`;

const verdictOf = (
  delivery: Delivery,
  { over, keepsRejected }: { readonly over: boolean; readonly keepsRejected: boolean },
): Verdict => {
  const { outcome } = delivery;
  if (outcome?.kind === 'written') return over ? verdicts.writtenOver : verdicts.written;
  if (outcome?.kind === 'rejected')
    return keepsRejected
      ? { outcome: 'rejected', detail: whyRejected(delivery) }
      : { outcome: 'refused', detail: outcome.detail };
  return {
    outcome: 'failed',
    detail: outcome?.kind === 'failed' ? outcome.error.message : 'it was not written',
  };
};

/** Makes the verdict of a row that could not be read. */
const failureOf = (error: unknown): Verdict => {
  if (!(error instanceof IngestError)) throw error;
  return { outcome: 'failed', detail: error.message };
};
