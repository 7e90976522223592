import type { DeployConfig } from '../config.ts';
import { addressOf, isLoopback, isPrivate } from './addresses.ts';
import type { Finding, Guard } from './guard.ts';
import { functionAsks, registryEnvironment } from './registry-environment.ts';

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

const registries = (config: DeployConfig): Reached[] => {
  const { schemaRegistry, environment, source, network } = config;
  const inside = network === undefined ? 'network' : null;
  const brokersInside =
    source.kind === 'self-managed' && source.vpc === undefined ? 'source.vpc' : null;
  const url = registryEnvironment(config).SCHEMA_REGISTRY_URL;
  const found: (readonly [string, string | undefined, string | null])[] = [
    schemaRegistry?.kind === 'confluent' && schemaRegistry.validate !== undefined
      ? ['schemaRegistry.url', schemaRegistry.url, brokersInside]
      : ['schemaRegistry.url', undefined, null],
    environment.SCHEMA_REGISTRY === 'confluent'
      ? [
          functionAsks(config) ? 'schemaRegistry.url' : 'environment.SCHEMA_REGISTRY_URL',
          url,
          inside,
        ]
      : ['environment.SCHEMA_REGISTRY_URL', undefined, null],
  ];
  return found.flatMap(([path, given, from]) => {
    const host = given === undefined ? undefined : URL.parse(given)?.hostname;
    return given === undefined || host === undefined ? [] : [{ path, given, host, inside: from }];
  });
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
