import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type auth, type ClientOptions, policies, types } from 'cassandra-driver';
import type { Settings } from '../../settings/read-settings.ts';

/**
 * Recognises the endpoints of Amazon Keyspaces: of every partition of AWS, FIPS and dual-stack ones too. Keyspaces differs from
 * Cassandra where the options below say so. https://docs.aws.amazon.com/keyspaces/latest/devguide/programmatic.endpoints.html
 */
const keyspacesHost =
  /^cassandra(-fips)?\.[a-z0-9-]+\.(amazonaws\.(com(\.cn)?|eu)|api\.(aws|amazonwebservices\.(com\.cn|eu)))$/;

/** The most requests in flight: enough to keep two connections busy, far below the driver's limit for each. */
export const mostRequestsInFlight = 128;

const hostOf = (contactPoint: string): string => contactPoint.replace(/:\d+$/, '');

const portOf = (contactPoint: string): number | null => {
  const port = /:(\d+)$/.exec(contactPoint)?.[1];
  return port === undefined ? null : Number(port);
};

/** Whether the contact points are those of Amazon Keyspaces. */
export const isKeyspaces = ({ contactPoints }: Pick<Settings, 'contactPoints'>): boolean =>
  contactPoints.some((contactPoint) => keyspacesHost.test(hostOf(contactPoint)));

/** The driver's options for a function that is frozen between invocations. Reasons stand beside what is not default. */
export const clientOptions = (
  config: Pick<Settings, 'contactPoints' | 'localDataCenter' | 'tls' | 'ca'>,
  authProvider: auth.AuthProvider | null,
): ClientOptions => {
  const hosts = config.contactPoints.map(hostOf);
  const keyspaces = isKeyspaces(config);
  const usualPort = keyspaces ? 9142 : 9042;
  return {
    contactPoints: config.contactPoints.map((contactPoint) =>
      portOf(contactPoint) === null ? `${contactPoint}:${usualPort}` : contactPoint,
    ),
    localDataCenter: config.localDataCenter,
    ...(authProvider === null ? {} : { authProvider }),
    ...(config.tls ? { sslOptions: sslOptions(hosts, keyspaces, config.ca) } : {}),
    protocolOptions: {
      // Of the nodes that are found through the contact points: a node does not say which port the others have.
      port: portOf(config.contactPoints[0] ?? '') ?? usualPort,
      // Higher versions are tried first by default: a refused handshake on every cold start.
      maxVersion: types.protocolVersion.v4,
    },
    // Keyspaces' peers are load balancers: there is no token to route by.
    isMetadataSyncEnabled: !keyspaces,
    rePrepareOnUp: false,
    pooling: {
      coreConnectionsPerHost: { [types.distance.local]: keyspaces ? 2 : 1 },
      maxRequestsPerConnection: 1024,
      // A heartbeat in flight when the function is frozen has timed out when it thaws, and kills the connection.
      heartBeatInterval: 0,
    },
    // Milliseconds. The default of 12 s for an answer outlives a short function.
    socketOptions: { connectTimeout: 2000, readTimeout: 4000, defunctReadTimeoutThreshold: 2 },
    policies: {
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(250),
      // The driver retries at once, without a pause, and hides what the server said.
      retry: new policies.retry.FallthroughRetryPolicy(),
      ...(keyspaces
        ? {
            loadBalancing: new policies.loadBalancing.DCAwareRoundRobinPolicy(
              config.localDataCenter,
            ),
          }
        : {}),
    },
    queryOptions: {
      prepare: true,
      // The default is LOCAL_ONE; Keyspaces takes no write but LOCAL_QUORUM.
      consistency: types.consistencies.localQuorum,
      isIdempotent: true,
    },
  };
};

/**
 * The server is verified; the driver's default is not to. It dials addresses, so a certificate is good for the
 * address dialled or for one of the names that were configured.
 */
const sslOptions = (hosts: readonly string[], keyspaces: boolean, ca: string | null) => ({
  rejectUnauthorized: true,
  minVersion: 'TLSv1.2' as const,
  ...(ca === null ? {} : { ca }),
  ...(keyspaces && hosts[0] !== undefined ? { servername: hosts[0] } : {}),
  checkServerIdentity: (dialled: string, certificate: PeerCertificate): Error | undefined => {
    const faults = [dialled, ...hosts].map((host) => checkServerIdentity(host, certificate));
    return faults.includes(undefined) ? undefined : faults[0];
  },
});
