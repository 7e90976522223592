import { addressOf, isLoopback, isPrivate } from '../addresses.ts';
import { functionAsks, registryEnvironment } from '../registry-environment.ts';
import type { DeployConfig } from '../stage.ts';
import type { Finding, Guard } from './guard.ts';

/** A host that is reached from AWS: where it is named, how, and the setting that would reach a private address. */
interface Reached {
  readonly path: string;
  readonly given: string;
  readonly host: string;
  /** The setting that says from where it is reached inside a network; null where that is given, or is not the stage's to say. */
  readonly inside: string | null;
}

const hosts = (path: string, given: readonly string[], inside: string | null): Reached[] =>
  given.map((one, index) => ({
    path: `${path}.${index}`,
    given: one,
    host: addressOf(one)?.host ?? '',
    inside,
  }));

/** An address that is none is reported elsewhere. The rest of it may be a login: only its host is told. */
const registryHost = (path: string, address: string, inside: string | null): Reached[] => {
  const host = URL.parse(address)?.hostname;
  return host === undefined ? [] : [{ path, given: host, host, inside }];
};

const registries = (config: DeployConfig): Reached[] => {
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

/** Every host of a stage is one that can be reached from where it is asked. */
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
          `must be an address that AWS reaches: localhost is whichever machine asks (given "${given}")`,
        ]) ||
        (isPrivate(host) &&
          inside !== null && [
            path,
            `must be an address on the internet where ${inside} is not given: a private address is reached only from inside its ` +
              `network (given "${given}")`,
          ]),
    );
  },
};
