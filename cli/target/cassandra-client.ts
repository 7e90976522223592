import { Client } from 'cassandra-driver';
import { clientOptions } from '../../functions/ingest/cassandra/connection/client-options.ts';
import { createLogins } from '../../functions/ingest/cassandra/connection/logins.ts';
import { classify } from '../../functions/ingest/cassandra/refusals/classify.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/**
 * Connects to the Cassandra of the settings, with a client that reads maps as Map: an object would lose the metadata key `__proto__`.
 * @param keyspace where statements find tables that are named without a keyspace.
 * @param environment the variables with the credentials of a signed login.
 * @throws {UserFacingError} where it cannot be reached.
 */
export const openClient = async (
  config: Settings,
  keyspace?: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Client> => {
  const { provider } = await createLogins(config, environment).login();
  const client = new Client({
    ...clientOptions(config, provider),
    encoding: { map: Map },
    ...(keyspace !== undefined && { keyspace }),
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown().catch(() => {});
    throw unreachable(config, error);
  }
};

/** Makes the error of a Cassandra that cannot be used. */
export const unreachable = ({ contactPoints }: Settings, error: unknown): UserFacingError =>
  new UserFacingError(
    `Cassandra at ${contactPoints.join(', ')} (CASSANDRA_CONTACT_POINTS) cannot be used: ` +
      `${classify(error, 'connecting to it').message}. Is it running, and are CASSANDRA_LOCAL_DATACENTER, ` +
      'CASSANDRA_TLS and CASSANDRA_AUTH right for it?',
    { cause: error },
  );
