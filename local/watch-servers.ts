import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'cassandra-driver';
import type { KafkaConnection } from 'local-kafka-trigger';
import { withAdmin } from '../cli/kafka/with-admin.ts';

/** The milliseconds between two questions to a server, and for its answer: a silent server is told after 9 seconds at the most. */
const [pauseMs, answerMs] = [3_000, 6_000];

export interface WatchedServers {
  readonly kafka: KafkaConnection;
  readonly cassandra: Client;
}

/**
 * Asks both servers again and again whether they are there, until it is disposed of.
 * @param say called with a sentence when a server stops answering, and when it answers again.
 */
export const watchServers = (
  { kafka, cassandra }: WatchedServers,
  say: (sentence: string) => void,
): AsyncDisposable => {
  const stopping = new AbortController();
  const watch = async (name: string, ask: () => Promise<unknown>): Promise<void> => {
    let silent = false;
    while (!stopping.signal.aborted) {
      const isThere = await answers(ask, stopping.signal);
      if (stopping.signal.aborted) return;
      if (!isThere && !silent)
        say(`${name} does not answer: what waits for it is tried again. Ctrl-C stops.`);
      if (isThere && silent) say(`${name} answers again.`);
      silent = !isThere;
      await delay(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    }
  };
  const watching = Promise.all([
    watch(`Kafka at ${kafka.bootstrapServers.join(', ')}`, () =>
      withAdmin(kafka, (admin) => admin.listTopics(), { retries: 0 }),
    ),
    watch(`Cassandra at ${hostsOf(cassandra)}`, () =>
      cassandra.execute('SELECT key FROM system.local', [], { prepare: false }),
    ),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await watching;
    },
  };
};

const hostsOf = ({ hosts }: Client): string =>
  hosts
    .values()
    .map(({ address }) => address)
    .join(', ');

const answers = async (ask: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> => {
  const asked = ask().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, delay(answerMs, false, { signal, ref: false }).catch(() => false)]);
};
