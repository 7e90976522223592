import { addressOf, isLoopback, isPrivate } from '../addresses.ts';
import type { PipelineSettings } from '../pipeline.ts';
import { functionAsks, registryEnvironment } from '../registry-environment.ts';
import type { Finding, Guard } from './guard.ts';

/** A host that AWS must reach. */
interface Reached {
  readonly path: string;
  readonly given: string;
  readonly host: string;
  /** The setting that is missing to reach a private address; null if it is given, or if a stage has none for this host. */
  readonly inside: string | null;
}

const hosts = (path: string, given: readonly string[], inside: string | null): Reached[] =>
  given.map((one, index) => ({
    path: `${path}.${index}`,
    given: one,
    host: addressOf(one)?.host ?? '',
    inside,
  }));

/** Reads the host of a registry's address; the rest may be a login, and is not repeated. Another guard reports an address that is none. */
const registryHost = (path: string, address: string, inside: string | null): Reached[] => {
  // Node 20, on which the package runs too, has no URL.parse.
  if (!URL.canParse(address)) return [];
  const host = new URL(address).hostname;
  return [{ path, given: host, host, inside }];
};

const registries = (config: PipelineSettings): Reached[] => {
  const { schemaRegistry, environment, source, network } = config;
  const { SCHEMA_REGISTRY_URL } = registryEnvironment(config);
  const ofMapping =
    source.kind === 'self-managed' && source.vpc === undefined ? 'source.vpc' : null;
  const ofFunction = network === undefined ? 'network' : null;
  return [
    ...(schemaRegistry?.kind === 'confluent' && schemaRegistry.validate !== undefined
      ? registryHost('schemaRegistry.url', schemaRegistry.url, ofMapping)
      : []),
    ...(environment.SCHEMA_REGISTRY === 'confluent' && SCHEMA_REGISTRY_URL !== undefined
      ? registryHost(
          functionAsks(config) ? 'schemaRegistry.url' : 'environment.SCHEMA_REGISTRY_URL',
          SCHEMA_REGISTRY_URL,
          ofFunction,
        )
      : []),
  ];
};

/** Refuses a host that cannot be reached from where it is asked. */
export const reachable: Guard = {
  needs: ['source', 'sink', 'network', 'schemaRegistry', 'environment'],
  find: (config) => {
    const { source, sink, network } = config;
    const all = [
      ...(source.kind === 'self-managed'
        ? hosts(
            'source.bootstrapServers',
            source.bootstrapServers,
            source.vpc === undefined ? 'source.vpc' : null,
          )
        : []),
      ...(sink.kind === 'cassandra'
        ? hosts('sink.contactPoints', sink.contactPoints, network === undefined ? 'network' : null)
        : []),
      ...registries(config),
    ];
    return all.map(
      ({ path, given, host, inside }): Finding | false =>
        (isLoopback(host) && [
          path,
          `must be an address that AWS reaches: localhost is the machine that asks (given "${given}")`,
        ]) ||
        (isPrivate(host) &&
          inside !== null && [
            path,
            `must be an address on the internet, or ${inside} must be given: a private address is reached only from inside its ` +
              `network (given "${given}")`,
          ]),
    );
  },
};
