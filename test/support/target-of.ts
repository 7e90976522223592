import type { Target } from '../../cli/target/target.ts';
import type { TestKeyspace } from './keyspace.ts';
import { testEnvironment } from './test-environment.ts';

/** Makes the target of an operation: a test's keyspace, and the Kafka of the test run. */
export const targetOf = (keyspace: TestKeyspace, topic: string | null = null): Target => ({
  name: 'the pipeline of a test',
  environment: keyspace.environment,
  settings: keyspace.config,
  topic,
  stack: null,
  mapping: null,
  stackHealth: null,
  onFailureFolder: null,
  cassandra: async () => keyspace.client,
  kafka: async () => ({ bootstrapServers: testEnvironment().bootstrapServers }),
  [Symbol.asyncDispose]: async () => {},
});
