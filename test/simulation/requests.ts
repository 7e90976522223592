import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import {
  RefusedError,
  TransientError,
  UnavailableError,
} from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Stores, WriteRequest } from '../../functions/ingest/pipeline/stores.ts';
import type { Environment } from './environment.ts';
import { type Invocation, inWords } from './invocation.ts';
import { mayBeOnTime } from './oracle.ts';
import type { RequestKind } from './plan.ts';
import type { Sent } from './tables.ts';
import type { World } from './world.ts';

/** The milliseconds for which the driver waits for an answer (cassandra/connection/client-options.ts). */
const answerTimeout = 4_000;

/** The duration of an undisturbed request, in milliseconds. */
const latency = { least: 1, most: 12 };

/** The requests, per 10,000 in flight, that never arrive when the process dies. */
const lostInCrash = 3_000;

/** The greatest number of rows in a request. */
const mostTogether = 8;

/** Makes the stores of a function's environment: the tables behind a network with faults. */
export const createStores = (world: World, environment: Environment): Stores => {
  const { tables, oracle, random } = world;

  const request = <T>(
    kind: RequestKind,
    what: () => string,
    effect: (invocation: Invocation, sent: Sent) => T,
  ): Promise<T> => {
    const { invocation } = environment;
    if (environment.dead) return never();
    if (invocation === null) {
      world.report('wrong', `${what()} was begun when its invocation had ended`);
      return never();
    }
    if (invocation.deadlines[kind === 'checkpoint' ? 'checkpoint' : 'records'].left() <= 0)
      world.report(
        'wrong',
        `${what()} was begun after the deadline of invocation ${invocation.number}`,
      );
    const [fault] = world.faults(kind);
    if (fault !== undefined) world.happened(fault);
    world.counts.requests += 1;
    const order = world.counts.requests;
    const sent = { order, time: world.clock.now() + environment.skew + order / 1_000_000 };
    invocation.inFlight += 1;
    if (invocation.inFlight > world.plan.settings.mostConcurrent)
      world.report(
        'wrong',
        `invocation ${invocation.number} has ${invocation.inFlight} requests in flight`,
      );
    const name = () => `invocation ${invocation.number}: ${what()}`;

    return new Promise((resolve, reject) => {
      const answer = (after: number, give: () => void): void => {
        setTimeout(() => {
          if (environment.dead) return;
          invocation.inFlight -= 1;
          give();
        }, after);
      };
      const fail = (after: number, error: Error, note: string): void =>
        answer(after, () => {
          world.tell(() => `${name()}: ${note}`);
          reject(error);
        });
      /** Carries out the request on its arrival; gives its answer. */
      const arrive = (): (() => void) => {
        try {
          const result = effect(invocation, sent);
          return () => resolve(result);
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          world.tell(() => `${name()}: refused, too large`);
          return () => reject(error);
        }
      };
      const arriveLater = (ms: number): void =>
        void setTimeout(() => {
          world.tell(() => `${name()}: arrives now`);
          arrive();
        }, ms);
      const timedOut = new TransientError('no answer in time');
      const usual = random.between(latency.least, latency.most) + environment.slowness;

      switch (fault?.kind) {
        case 'request lost':
          return fail(answerTimeout, timedOut, 'lost on its way; no answer in time');
        case 'answer lost':
          arriveLater(usual);
          return fail(answerTimeout, timedOut, 'its answer was lost; no answer in time');
        case 'delayed':
          arriveLater(fault.ms);
          return fail(answerTimeout, timedOut, 'no answer in time');
        case 'overloaded':
          return fail(usual, new TransientError('overloaded'), 'overloaded');
        case 'unavailable':
          return fail(usual, new UnavailableError('unavailable'), 'unavailable');
        case 'bug':
          return fail(usual, new TypeError('a bug'), 'an error that nobody expects');
        case 'crash before':
          return environment.crash(`the process dies before it can send: ${what()}`);
        case 'crash during':
          arriveLater(fault.ms);
          return environment.crash(`the process dies when it has sent: ${what()}`);
        case 'crash after':
          return void setTimeout(() => {
            arrive();
            environment.crash(`the process dies when it is answered: ${what()}`);
          }, usual);
      }
      const ms = fault?.kind === 'slow' ? Math.min(answerTimeout - 1, usual + fault.ms) : usual;
      setTimeout(() => {
        if (environment.dead && random.chance(lostInCrash)) return;
        const give = arrive();
        if (environment.dead) return;
        invocation.inFlight -= 1;
        give();
      }, ms);
    });
  };

  const writeRows = (rows: readonly { readonly event: UserEvent }[]): Promise<void> => {
    const fates = rows.map(({ event }) => oracle.eventOf(event));
    if (!fates.every((fate) => fate !== undefined)) {
      world.report('wrong', 'a row is written that is no record’s');
      return never();
    }
    return request(
      'row',
      () => `rows of ${fates.map(({ name }) => name).join(', ')}`,
      (invocation, sent) => {
        // The rows before a refused one are written.
        for (const fate of fates) {
          if (fate.stream.tooLarge !== 'no') throw new RefusedError('too large');
          if (!mayBeOnTime(fate)) world.report('wrong', `${fate.name} is late and becomes a row`);
          tables.writeRow(fate, sent);
          world.tell(() => `invocation ${invocation.number}: writes the row of ${fate.name}`);
        }
      },
    );
  };

  const writeRejected = (
    rows: readonly { readonly record: KafkaRecord; readonly rejection: Rejection }[],
  ): Promise<void> => {
    const fates = rows.map(({ record, rejection }) => ({
      fate: oracle.fateOf(record),
      rejection,
    }));
    return request(
      'rejected row',
      () => `rejected rows of ${fates.map(({ fate }) => fate.name).join(', ')}`,
      (invocation, sent) => {
        // The rows before a refused one are written.
        for (const { fate, rejection } of fates) {
          if (fate.stream.tooLarge === 'everywhere') throw new RefusedError('too large');
          const fault = oracle.faultOf(fate, rejection);
          if (fault !== null)
            world.report(
              fault,
              `${fate.name} is rejected as ${rejection.reason}: ${rejection.detail}`,
            );
          tables.writeRejected(fate, rejection, sent);
          world.tell(
            () => `invocation ${invocation.number}: rejects ${fate.name} as ${rejection.reason}`,
          );
        }
      },
    );
  };

  const inGroups = <Row>(
    rows: readonly Row[],
    write: (rows: readonly Row[]) => Promise<void>,
  ): WriteRequest<Row>[] => {
    const writes: WriteRequest<Row>[] = [];
    for (let start = 0; start < rows.length; ) {
      const together = rows.slice(start, start + random.between(1, mostTogether));
      const [first, ...others] = together;
      if (first === undefined) break;
      start += together.length;
      writes.push({ rows: [first, ...others], write: () => write(together) });
    }
    return writes;
  };

  return {
    async readCheckpoint({ partition }) {
      const row = await request(
        'read',
        () => `read of the checkpoint of events-${partition}`,
        () => tables.checkpoint(partition),
      );
      environment.invocation?.begins(partition, row);
      return row?.content ?? null;
    },

    planUserEventWrites: (rows) => inGroups(rows, writeRows),

    planRejectedWrites: (rows) => inGroups(rows, writeRejected),

    async writeCheckpoint({ partition }, checkpoint) {
      // The checkpoint is checked when it is sent: before a late arrival, a redelivery may have begun to write its rows again.
      const row = environment.invocation?.checked(partition, checkpoint);
      if (row === undefined) return never();
      await request(
        'checkpoint',
        () => `checkpoint of events-${partition}`,
        (invocation, sent) => {
          tables.writeCheckpoint(partition, row, sent);
          world.tell(
            () =>
              `invocation ${invocation.number}: writes the checkpoint of events-${partition}: ${inWords(checkpoint)}`,
          );
        },
      );
      environment.invocation?.stands(partition, checkpoint.nextOffset);
    },
  };
};

/** A promise that never settles, for the requests of a dead process. */
const never = <T>(): Promise<T> => new Promise(() => {});
