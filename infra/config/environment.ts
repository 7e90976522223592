import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import {
  type Environment,
  settings as functionSettings,
} from '../../functions/ingest/settings/read-settings.ts';
import type { DeployConfig } from '../config.ts';
import { domainOf } from './regions.ts';
import { registryEnvironment } from './registry-environment.ts';
import { settings, text } from './rules.ts';
import type { Sink } from './sink.ts';

/** Variables that follow from the rest of a stage: two places could disagree. */
const derived = ['CONSUMER_GROUP_ID', 'PARTIAL_RESPONSES'] as const;
type Derived = Extract<keyof Environment, `CASSANDRA_${string}`> | (typeof derived)[number];
type Free = Exclude<keyof Environment, Derived>;

const isFree = (name: string): name is Free =>
  !name.startsWith('CASSANDRA_') && !derived.some((one) => one === name);
const free = Object.keys(functionSettings).filter(isFree);

/** The function's own settings; what they mean, and their defaults, is in the README. */
export const environment = settings(
  Object.fromEntries(
    free.map((name) => [
      name,
      text('', 'text, in quotes', /^/)
        .meta({
          description: functionSettings[name].meaning,
          rule: `in quotes, ${functionSettings[name].rule}`,
          otherwise: functionSettings[name].fallback,
        })
        .optional(),
    ]),
  ) as Record<Free, z.ZodOptional<z.ZodString>>,
).prefault({});

/** The settings of a stage that the function's own settings are made of. */
type Given = Pick<DeployConfig, 'sink' | 'consumerGroup' | 'environment' | 'schemaRegistry'>;

/** The function's own settings, as variables. `region` may be a token of CDK's. */
export const functionEnvironment = (config: Given, region: string): Environment => ({
  ...definedOnly(registryEnvironment(config)),
  ...databaseEnvironment(config.sink, region),
  CONSUMER_GROUP_ID: config.consumerGroup,
});

/** Every variable of the function that writes the events, but for those of each process (node-environment.ts). */
export const ingestEnvironment = (
  config: Given & Pick<DeployConfig, 'stackName' | 'mapping'>,
  region: string,
) => ({
  ...functionEnvironment(config, region),
  // On demand AWS would take a report of failed records for success.
  ...(config.mapping.pollers === 'on-demand' ? { PARTIAL_RESPONSES: 'off' } : {}),
  POWERTOOLS_SERVICE_NAME: config.stackName,
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
        CASSANDRA_BATCH_PARTITIONS: `${sink.batches.partitions}`,
        CASSANDRA_BATCH_KIB: `${sink.batches.kib}`,
        ...(sink.caFile === undefined ? {} : { CASSANDRA_CA: readCa(sink.caFile) }),
      }),
  CASSANDRA_KEYSPACE: sink.keyspace,
  ...(sink.login === undefined ? {} : { CASSANDRA_SECRET_ARN: sink.login.secretArn }),
});

/** @throws where the file, by a path from the project's folder, cannot be read. */
const readCa = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../..', path), 'utf8').trim();

const definedOnly = (variables: Partial<Record<Free, string | undefined>>) =>
  Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined),
  ) as Partial<Record<Free, string>>;
