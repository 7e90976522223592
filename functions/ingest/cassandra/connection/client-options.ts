import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type auth, type ClientOptions, policies, types } from 'cassandra-driver';
import type { Settings } from '../../settings/read-settings.ts';

/**
 * The endpoints of Amazon Keyspaces in every partition of AWS, also FIPS and dual-stack ones. The options below differ between
 * Keyspaces and Cassandra. https://docs.aws.amazon.com/keyspaces/latest/devguide/programmatic.endpoints.html
 */
const keyspacesHost =
  /^cassandra(-fips)?\.[a-z0-9-]+\.(amazonaws\.(com(\.cn)?|eu)|api\.(aws|amazonwebservices\.(com\.cn|eu)))$/;

const hostOf = (contactPoint: string): string => contactPoint.replace(/:\d+$/, '');

const portOf = (contactPoint: string): number | null => {
  const port = /:(\d+)$/.exec(contactPoint)?.[1];
  return port === undefined ? null : Number(port);
};

/** Tells whether the contact points are those of Amazon Keyspaces. */
export const isKeyspaces = ({ contactPoints }: Pick<Settings, 'contactPoints'>): boolean =>
  contactPoints.some((contactPoint) => keyspacesHost.test(hostOf(contactPoint)));

/**
 * Makes the driver's options for a function that is frozen between invocations. The reason stands beside each option that is not
 * the default.
 */
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
      // The port of the nodes that are found through the contact points: a node does not tell the port of the others.
      port: portOf(config.contactPoints[0] ?? '') ?? usualPort,
      // By default higher versions are tried first: a refused handshake on every cold start.
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
    socketOptions: {
      // The times are in milliseconds. The default of 12 s for an answer outlives a short function.
      connectTimeout: 2000,
      readTimeout: 4000,
      defunctReadTimeoutThreshold: 2,
      // Bytes after which the driver leaves further requests to its next write. A batch of 1,000 events goes in one, not in four.
      coalescingThreshold: 256 * 1024,
    },
    policies: {
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(250),
      // The driver would retry at once, without a pause, and hide the server's message.
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
      // The default is LOCAL_ONE; Keyspaces accepts only writes with LOCAL_QUORUM.
      consistency: types.consistencies.localQuorum,
      isIdempotent: true,
    },
  };
};

/**
 * Makes options that verify the server, which the driver does not do by default. The driver dials addresses, so that a
 * certificate is valid for the dialled address and for each configured name.
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
