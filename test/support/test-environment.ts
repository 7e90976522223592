import type { Servers } from '../../local/open-servers.ts';

/** Where the servers of this test run are; `test/run.ts` starts them and says so in environment variables. */
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

/** The same as servers that others own: a test leaves nothing behind on them. */
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
    [Symbol.asyncDispose]: async () => {},
  };
};
