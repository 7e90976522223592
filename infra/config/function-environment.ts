import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Environment, readSettings } from '../../functions/ingest/settings/read-settings.ts';
import type { OperateVariables } from '../../functions/operate/found-here.ts';
import { commitOf } from '../release.ts';
import { mappedBrokers } from './brokers.ts';
import type { PipelineSettings } from './pipeline.ts';
import { domainOf } from './regions.ts';
import { registryEnvironment } from './registry-environment.ts';
import type { Sink } from './sink.ts';
import { withoutTokens } from './tokens.ts';

/** The part of a stage that the function's variables are made of. */
type Given = Pick<PipelineSettings, 'sink' | 'consumerGroup' | 'environment' | 'schemaRegistry'>;

/** Makes the function's variables of a stage. @param region may be a token of CDK's. */
export const functionEnvironment = (config: Given, region: string): Environment => ({
  ...definedOnly(registryEnvironment(config)),
  ...databaseEnvironment(config.sink, region),
  CONSUMER_GROUP_ID: config.consumerGroup,
});

/**
 * Reads the function's settings from its variables, as it does itself. The region does not matter to them.
 * @throws {ConfigError} naming each mistake.
 */
export const settingsOfFunction = (config: Given): ReturnType<typeof readSettings> => {
  const variables = Object.entries(functionEnvironment(config, 'eu-west-1'));
  return readSettings(
    Object.fromEntries(variables.map(([name, value]) => [name, withoutTokens(value)])),
  );
};

/** Makes every variable of the function that writes the events, except those of each process (node-environment.ts). */
export const ingestEnvironment = (
  config: Given & Pick<PipelineSettings, 'name' | 'mapping'>,
  region: string,
) => ({
  ...functionEnvironment(config, region),
  // An on-demand mapping takes a report of failed records for success.
  ...(config.mapping.pollers === 'on-demand' ? { PARTIAL_RESPONSES: 'off' } : {}),
  POWERTOOLS_SERVICE_NAME: config.name,
  COMMIT: commitOf(),
});

/** Makes every variable of the function that runs operations, except those of each process. */
export const operateEnvironment = (
  config: Parameters<typeof ingestEnvironment>[0] & Pick<PipelineSettings, 'topic' | 'source'>,
  region: string,
  bucketName: string,
): Record<string, string> => ({
  ...ingestEnvironment(config, region),
  ...({
    OPERATE_TOPIC: config.topic,
    OPERATE_BROKERS: JSON.stringify(mappedBrokers(config.source)),
    OPERATE_BUCKET: bucketName,
  } satisfies OperateVariables),
});

const databaseEnvironment = (sink: Sink, region: string) => ({
  ...(sink.kind === 'keyspaces'
    ? {
        CASSANDRA_CONTACT_POINTS: `cassandra.${region}.${domainOf(region)}:9142`,
        CASSANDRA_LOCAL_DATACENTER: region,
        CASSANDRA_AUTH: sink.login === undefined ? 'sigv4' : 'password',
      }
    : {
        CASSANDRA_CONTACT_POINTS: sink.contactPoints.join(','),
        CASSANDRA_LOCAL_DATACENTER: sink.localDataCenter,
        CASSANDRA_AUTH: sink.login === undefined ? 'none' : 'password',
        CASSANDRA_TLS: sink.tls ? 'on' : 'off',
        ...(sink.batches.partitions === undefined
          ? {}
          : { CASSANDRA_BATCH_PARTITIONS: `${sink.batches.partitions}` }),
        ...(sink.batches.kib === undefined ? {} : { CASSANDRA_BATCH_KIB: `${sink.batches.kib}` }),
        ...(sink.caFile === undefined ? {} : { CASSANDRA_CA: readCa(sink.caFile) }),
      }),
  CASSANDRA_KEYSPACE: sink.keyspace,
  ...(sink.login === undefined ? {} : { CASSANDRA_SECRET_ARN: sink.login.secretArn }),
  // The default is not set, so that the functions of a stage that leaves it out do not change.
  ...(sink.batches.encoder === 'frames' ? {} : { CASSANDRA_BATCHES: sink.batches.encoder }),
});

/** @throws where the file, by a path from the project's folder or an absolute one, cannot be read. */
const readCa = (path: string): string =>
  readFileSync(resolve(join(import.meta.dirname, '../..'), path), 'utf8').trim();

const definedOnly = (
  variables: PipelineSettings['environment'],
): Partial<Record<keyof PipelineSettings['environment'], string>> =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
