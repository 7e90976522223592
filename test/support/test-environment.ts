import type { Servers } from '../../local/open-servers.ts';

/** The addresses of this test run's servers. `test/run.ts` starts them, and sets the environment variables. */
interface TestEnvironment {
  readonly bootstrapServers: string[];
  readonly contactPoints: string[];
  readonly localDataCenter: string;
}

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(
      `${name} is not set: run integration tests by \`npm test\`, which starts the servers`,
    );
  return value;
};

export const testEnvironment = (): TestEnvironment => ({
  bootstrapServers: given('TEST_KAFKA_BOOTSTRAP_SERVERS').split(','),
  contactPoints: given('TEST_CASSANDRA_CONTACT_POINTS').split(','),
  localDataCenter: given('TEST_CASSANDRA_LOCAL_DATACENTER'),
});

/** Gives the same servers as servers of others, on which a test leaves nothing behind. */
export const testServers = (): Servers => {
  const { bootstrapServers, contactPoints, localDataCenter } = testEnvironment();
  return {
    bootstrapServers,
    cassandra: {
      CASSANDRA_CONTACT_POINTS: contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: localDataCenter,
      CASSANDRA_TLS: 'off',
    },
    externalCassandra: true,
    externalKafka: true,
    [Symbol.asyncDispose]: async () => {},
  };
};
