/** Gives the brokers of this test run. `npm test` starts them, and sets the environment variable. */
export const testBrokers = (): string[] => {
  const servers = process.env['TEST_KAFKA_BOOTSTRAP_SERVERS'];
  if (servers === undefined)
    throw new Error(
      'TEST_KAFKA_BOOTSTRAP_SERVERS is not set: run integration tests by `npm test`, which starts Kafka',
    );
  return servers.split(',');
};
