import type { InvokeResult } from 'local-kafka-trigger';
import { toBatchResponse } from '../../functions/ingest/kafka/to-batch-response.ts';
import { deadlines } from '../../functions/ingest/pipeline/deadlines.ts';
import { createFlowControl } from '../../functions/ingest/pipeline/flow-control.ts';
import { createIngest } from '../../functions/ingest/pipeline/ingest.ts';
import { decoderWith, layoutOf } from '../support/events.ts';
import { batch } from '../support/records.ts';
import { createInvocation, type GivenPart, type Invocation } from './invocation.ts';
import { createStores } from './requests.ts';
import { eventTimes, maxFutureMs, outOfOrdernessMs } from './stream.ts';
import type { World } from './world.ts';

/** A process of the function, from its start to its death. It runs many invocations, one after the other. */
export interface Environment {
  readonly invocation: Invocation | null;
  readonly dead: boolean;
  /** The additional milliseconds of its requests. */
  slowness: number;
  /** The milliseconds by which its clock is ahead. */
  readonly skew: number;
  /** Runs the function until it ends, or the process dies. */
  invoke(number: number, parts: readonly GivenPart[], timeoutMs: number): Promise<InvokeResult>;
  /** Ends the process: none of its promises goes on, but sent requests may arrive. */
  crash(why: string): void;
}

/** The decoders, shared by all environments of a process: compiling the schema takes longer than many a schedule. */
const decoders = {
  withEventId: decoderWith({ layout: layoutOf({ eventIdInKey: true }) }),
  without: decoderWith(),
};

/** The milliseconds in which a function always ends by itself (functions/ingest/pipeline/deadlines.ts). */
const enough = 45_000;

/** Puts the function together as create-handler.ts does, on the world's tables. */
export const createEnvironment = (world: World): Environment => {
  const { settings } = world.plan;
  let invocation: Invocation | null = null;
  let dead = false;
  let ended: (result: InvokeResult) => void = () => {};

  const environment: Environment = {
    get invocation() {
      return invocation;
    },
    get dead() {
      return dead;
    },
    slowness: 0,
    skew: settings.skewMs === 0 ? 0 : world.random.between(0, settings.skewMs),
    invoke(number, parts, timeoutMs) {
      const given = deadlines(timeoutMs);
      const current = createInvocation(world, number, given, parts);
      invocation = current;
      const batches = parts.map(({ fates }) => batch(fates.map(({ stream }) => stream.record)));
      const killed = setTimeout(() => {
        // Every request is answered, or given up, in its time. So only a stopped process takes longer.
        if (timeoutMs >= enough)
          world.report('wrong', `invocation ${number} has not ended in its ${timeoutMs} ms`);
        environment.crash('its time is up');
      }, timeoutMs);
      const { promise, resolve } = Promise.withResolvers<InvokeResult>();
      ended = (result) => {
        clearTimeout(killed);
        invocation = null;
        resolve(result);
      };
      const settled = (result: () => InvokeResult): void => {
        if (dead) return;
        if (current.inFlight > 0)
          world.report(
            'wrong',
            `invocation ${number} has ended with ${current.inFlight} requests in flight`,
          );
        ended(result());
      };
      void ingest(batches, given).then(
        (results) =>
          settled(() => {
            current.answers(results);
            return { kind: 'response', payload: JSON.stringify(toBatchResponse(results)) };
          }),
        (error: unknown) => settled(() => failed(String(error), 'function')),
      );
      return promise;
    },
    crash(why) {
      if (dead || invocation === null) return;
      const { number } = invocation;
      world.tell(() => `invocation ${number}: ${why}`);
      world.counts.crashes += 1;
      dead = true;
      ended(failed(why, 'exited'));
    },
  };

  const ingest = createIngest({
    settings: { ...settings, outOfOrdernessMs, maxFutureMs, ...eventTimes },
    decoder: settings.eventIdInKey ? decoders.withEventId : decoders.without,
    stores: createStores(world, environment),
    flow: createFlowControl(settings.mostConcurrent),
    schemaFlow: createFlowControl(1),
    now: () => Date.now(),
  });
  return environment;
};

const failed = (errorMessage: string, cause: 'function' | 'exited'): InvokeResult => ({
  kind: 'error',
  errorType: 'Error',
  errorMessage,
  cause,
});
