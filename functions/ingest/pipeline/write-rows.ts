import type { Acceptances } from './acceptances.ts';
import { awaitAll } from './await-all.ts';
import type { Deadline } from './deadlines.ts';
import type { Delivery } from './delivery.ts';
import {
  BehindFailureError,
  IngestError,
  RefusedError,
  TransientError,
  UnknownRefusalError,
} from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import { at } from './kafka-record.ts';
import type { Outcome } from './outcome.ts';
import { groupByRow, RejectedRow, RowGroup } from './row-groups.ts';
import type { Stores, WriteRequest } from './stores.ts';

export interface WriteOptions {
  /** `keep` makes late events rows of `rejected_events`; `drop` only counts them. */
  readonly lateEvents: 'keep' | 'drop';
  readonly stores: Stores;
  readonly flow: FlowControl;
  readonly deadline: Deadline;
  /** The requests that each table has accepted in this environment: an unknown refusal is judged by them. */
  readonly acceptances: { readonly userEvents: Acceptances; readonly rejected: Acceptances };
}

/**
 * Attempts of a request with several rows, before each row is written by itself: a throttled table may have room for single rows when it
 * never has room for all of them at once.
 */
const attemptsTogether = 3;

/** Writes one partition's judged records. Each then has an outcome; from the first that failed on, all have failed. */
export const writeRows = (deliveries: readonly Delivery[], options: WriteOptions): Promise<void> =>
  new PartitionWrite(deliveries, options).run();

/** A table that rows are written to, and what its answers mean for the rows. */
interface Target<Row> {
  readonly acceptances: Acceptances;
  /** Requests that were accepted when this write began. */
  readonly acceptedBefore: number;
  plan(rows: readonly Row[]): WriteRequest<Row>[];
  /** The record that a row is of, by which a refusal is remembered. */
  recordOf(row: Row): Delivery;
  written(row: Row): void;
  refused(row: Row, error: RefusedError): Promise<void> | void;
  failed(row: Row, error: IngestError): void;
}

/**
 * The write of one partition's records. Requests begin in offset order and run side by side; after a failure none of a later record
 * begins, but for one that may have taken its turn at that moment: all of those are redelivered with it.
 */
class PartitionWrite {
  readonly #deliveries: readonly Delivery[];
  readonly #options: WriteOptions;
  /** The lowest offset that has failed. */
  #firstFailed = Number.POSITIVE_INFINITY;
  /** Decisions about rows that were refused alone in unknown words: once the requests beside them have been answered. */
  readonly #undecided: (() => Promise<void> | void)[] = [];
  readonly #userEvents: Target<RowGroup>;
  readonly #rejected: Target<RejectedRow>;

  constructor(deliveries: readonly Delivery[], options: WriteOptions) {
    this.#deliveries = deliveries;
    this.#options = options;
    const { stores, acceptances } = options;
    this.#userEvents = {
      acceptances: acceptances.userEvents,
      acceptedBefore: acceptances.userEvents.count,
      plan: (rows) => stores.planUserEventWrites(rows),
      recordOf: ({ winner }) => winner,
      written: markWritten,
      refused: (group, error) => this.#rejectWinner(group, error),
      failed: ({ winner, superseded }, error) => {
        for (const delivery of superseded) this.#fail(delivery, error);
        this.#fail(winner, error);
      },
    };
    this.#rejected = {
      acceptances: acceptances.rejected,
      acceptedBefore: acceptances.rejected.count,
      plan: (rows) => stores.planRejectedWrites(rows),
      recordOf: ({ delivery }) => delivery,
      written: ({ delivery, rejection: { reason, detail } }) => {
        delivery.outcome = { kind: 'rejected', reason, detail };
      },
      // Nothing else can keep the record: it waits.
      refused: ({ delivery }, error) => this.#fail(delivery, error),
      failed: ({ delivery }, error) => this.#fail(delivery, error),
    };
  }

  async run(): Promise<void> {
    const { groups, rejected } = groupByRow(this.#deliveries);
    const kept = rejected.filter((row) => !this.#isDropped(row));
    const begins = [
      ...this.#begins(this.#userEvents, groups),
      ...this.#begins(this.#rejected, kept),
    ];
    begins.sort(([one], [other]) => one - other);
    await awaitAll(begins.map(([, begin]) => begin()));
    // A row that is rejected leaves its key to the event before it, which may be refused too.
    while (this.#undecided.length > 0)
      await awaitAll(this.#undecided.splice(0).map(async (decide) => decide()));
    failFromFirst(this.#deliveries);
  }

  /** The requests of rows, each with the offset of its first row and the function that begins it. */
  #begins<Row extends { readonly offset: number }>(target: Target<Row>, rows: readonly Row[]) {
    return target
      .plan(rows)
      .map((request) => [request.rows[0].offset, () => this.#submit(request, target)] as const);
  }

  /** Sends a request, and sees to what its answer means for the rows. */
  async #submit<Row extends { readonly offset: number }>(
    request: WriteRequest<Row>,
    target: Target<Row>,
  ): Promise<void> {
    const { rows } = request;
    try {
      await this.#send(request);
    } catch (error) {
      // Any other error is a bug, and escapes.
      if (!(error instanceof IngestError)) throw error;
      if (rows.length > 1 && this.#mayGoAlone(error))
        return this.#submitAll(
          rows.flatMap((row) => target.plan([row])),
          target,
        );
      if (error instanceof RefusedError) return target.refused(rows[0], error);
      if (error instanceof UnknownRefusalError) return this.#decideLater(rows[0], error, target);
      for (const row of rows) target.failed(row, error);
      return;
    }
    target.acceptances.accept();
    for (const row of rows) target.written(row);
  }

  async #submitAll<Row extends { readonly offset: number }>(
    requests: readonly WriteRequest<Row>[],
    target: Target<Row>,
  ): Promise<void> {
    await awaitAll(requests.map((request) => this.#submit(request, target)));
  }

  /** Sends a request when its turn comes: by then a record before its first row may have failed. */
  #send({ rows, write }: WriteRequest<{ readonly offset: number }>): Promise<void> {
    const { flow, deadline } = this.#options;
    return flow.request(
      async () => {
        if (rows[0].offset > this.#firstFailed)
          throw new BehindFailureError(`offset ${this.#firstFailed} of its partition has failed`);
        await write();
      },
      deadline,
      rows.length === 1 ? undefined : attemptsTogether,
    );
  }

  /** Tells whether rows that failed together are written one by one: to find the refused one, or because the table is throttled. */
  #mayGoAlone(error: IngestError): boolean {
    return (
      error instanceof RefusedError ||
      error instanceof UnknownRefusalError ||
      (error instanceof TransientError && this.#options.deadline.left() > 0)
    );
  }

  /** Leaves open whether a row that was refused in unknown words is at fault, or its table. */
  #decideLater<Row>(row: Row, error: UnknownRefusalError, target: Target<Row>): void {
    const { acceptances, acceptedBefore } = target;
    const name = at(target.recordOf(row).record);
    acceptances.refuse(name, acceptedBefore);
    this.#undecided.push(() =>
      acceptances.blames(name)
        ? target.refused(
            row,
            new RefusedError(`the database refuses this row, and takes others: ${error.message}`),
          )
        : target.failed(row, error),
    );
  }

  /** Rejects the last event of a row, and leaves the row to the event before it. */
  async #rejectWinner(
    { offset, winner, superseded, event }: RowGroup,
    { message }: RefusedError,
  ): Promise<void> {
    const { eventTime } = event;
    winner.rejection = { kind: 'rejected', reason: 'refused', detail: message, eventTime };
    const rejected = this.#rejected.plan([new RejectedRow(winner, offset)]);
    await this.#submitAll(rejected, this.#rejected);
    const before = superseded.at(-1);
    if (before === undefined) return;
    const left = new RowGroup(before, superseded.slice(0, -1));
    await this.#submitAll(this.#userEvents.plan([left]), this.#userEvents);
  }

  /** Tells whether a rejected record is only counted, and makes that its outcome. */
  #isDropped({ delivery, rejection: { reason } }: RejectedRow): boolean {
    if (reason !== 'late' || this.#options.lateEvents !== 'drop') return false;
    delivery.outcome = { kind: 'dropped', reason };
    return true;
  }

  #fail(delivery: Delivery, error: IngestError): void {
    delivery.outcome = { kind: 'failed', error };
    this.#firstFailed = Math.min(this.#firstFailed, delivery.record.offset);
  }
}

/** The outcomes that most records share. */
const written: Outcome = { kind: 'written', future: false };
const writtenOfFuture: Outcome = { kind: 'written', future: true };

/** The last event of each row is written; the others are superseded by it now that it is durable. */
const markWritten = ({ winner, superseded }: RowGroup): void => {
  for (const delivery of superseded)
    delivery.outcome = { kind: 'superseded', by: winner.record.offset };
  winner.outcome = winner.future ? writtenOfFuture : written;
};

/** Fails all records behind the first that failed, with its error: they are redelivered with it. */
const failFromFirst = (deliveries: readonly Delivery[]): void => {
  let failed: Outcome | null = null;
  for (const delivery of deliveries) {
    if (failed !== null) delivery.outcome = failed;
    else if (delivery.outcome === null) throw new Error(`${at(delivery.record)} has no outcome`);
    else if (delivery.outcome.kind === 'failed') failed = delivery.outcome;
  }
};
