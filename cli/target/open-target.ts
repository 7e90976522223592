import type { Client } from 'cassandra-driver';
import type { KafkaConnection } from 'local-kafka-trigger';
import { kafkaConnection } from 'local-kafka-trigger/kafka/kafka-connection.ts';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { openClient } from './cassandra-client.ts';
import type { MappingSwitch } from './mapping-switch.ts';
import { findRunning } from './running-file.ts';
import { settingsGiven, usualGroup } from './settings-given.ts';
import type { Stack } from './stack.ts';
import type { StackHealth } from './stack-health.ts';
import type { Target } from './target.ts';

/** The names by which a deployed pipeline is found. */
export interface Deployed {
  /** A stage that is deployed. */
  readonly stage?: string | undefined;
  /** The file that the stage is in; a cdk.json unless given. */
  readonly stages?: string | undefined;
  /** The name of a stack with a pipeline, and behind a slash the path of the construct in it. */
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
}

/** The options by which every command of a running pipeline is told which one is meant. */
export interface TargetOptions extends Deployed {
  /** True for the pipeline that runs on this machine. */
  readonly local?: boolean;
  readonly keyspace?: string;
  readonly group?: string;
  readonly topic?: string;
}

/** What is known of a target before anything is connected to. */
export interface Found {
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly topic: string | null;
  readonly stack: Stack | null;
  /** Switches the event source mapping; left out where there is none. */
  readonly mapping?: MappingSwitch;
  /** Asks AWS how a deployed pipeline is; left out for one that is not deployed. */
  readonly stackHealth?: () => Promise<StackHealth>;
  /** The folder on this machine that failed batches go to; left out where there is none. */
  readonly onFailureFolder?: string | undefined;
  readonly kafka: () => Promise<KafkaConnection>;
}

/** Finds a deployed pipeline. */
export type FindStage = (deployed: Deployed) => Promise<Found>;

/**
 * Finds the pipeline that a command is about: a stage that is deployed, the servers that the environment variables name, or those of the
 * command that runs on this machine. Nothing is connected to before it is used.
 * @throws {UserFacingError} where none is named, or its settings are wrong.
 */
export const openTarget = async (
  { local = false, keyspace, group, topic, ...deployed }: TargetOptions,
  findStage: FindStage,
): Promise<Target> => {
  const { stage, stages, stack, region } = deployed;
  const isDeployed = [stage, stages, stack].some((name) => name !== undefined);
  if (region !== undefined && !isDeployed)
    throw new UserFacingError(
      '--region is that of a deployed pipeline: name it by --stage or --stack.',
    );
  const found = isDeployed
    ? await findStage({ stage, stages, stack, region })
    : local
      ? foundRunning()
      : foundHere();
  const environment: Record<string, string | undefined> = Object.defineProperties(
    {},
    // Credentials among the variables are read anew each time, and are no values to be copied.
    Object.getOwnPropertyDescriptors(found.environment),
  );
  if (keyspace !== undefined) environment['CASSANDRA_KEYSPACE'] = keyspace;
  if (group !== undefined) environment['CONSUMER_GROUP_ID'] = group;
  environment['CONSUMER_GROUP_ID'] ??= usualGroup(environment['CASSANDRA_KEYSPACE'] ?? '');
  const settings = readSettings(environment);
  let client: Promise<Client> | undefined;
  return {
    name: found.name,
    environment,
    settings,
    topic: topic ?? found.topic,
    stack: found.stack,
    mapping: found.mapping ?? null,
    stackHealth: found.stackHealth ?? null,
    onFailureFolder: found.onFailureFolder ?? null,
    cassandra() {
      const hasCredentials = environment['AWS_ACCESS_KEY_ID'] !== undefined;
      client ??= openClient(settings, undefined, hasCredentials ? environment : process.env).catch(
        (error: unknown) => {
          // A console goes on, and asks again when the database may be there.
          client = undefined;
          throw error;
        },
      );
      return client;
    },
    kafka: found.kafka,
    async [Symbol.asyncDispose]() {
      // A client that could not be connected was closed where that failed.
      await (await client?.catch(() => undefined))?.shutdown();
    },
  };
};

/** Finds the pipeline of the environment variables, or else the one that runs on this machine. */
const foundHere = (): Found =>
  process.env['CASSANDRA_CONTACT_POINTS'] ? foundInEnvironment() : foundRunning();

const foundInEnvironment = (): Found => {
  const given = Object.entries(process.env).filter(([name]) => name.startsWith('CASSANDRA_'));
  return {
    name: `Cassandra at ${process.env['CASSANDRA_CONTACT_POINTS']}`,
    environment: {
      CASSANDRA_KEYSPACE: 'user_events',
      ...settingsGiven(),
      ...Object.fromEntries(given),
    },
    topic: null,
    stack: null,
    kafka: async () => kafkaConnection(process.env),
  };
};

const foundRunning = (): Found => {
  const running = findRunning();
  if (running === null)
    throw new UserFacingError(
      'No pipeline is named, and none runs on this machine. Start one by npm start, name a deployed one by --stage <name>, or name ' +
        'servers by CASSANDRA_CONTACT_POINTS, CASSANDRA_LOCAL_DATACENTER and CASSANDRA_KEYSPACE (and KAFKA_BOOTSTRAP_SERVERS).',
    );
  return {
    name: `the pipeline of ${running.command}`,
    environment: { ...settingsGiven(), ...running.environment },
    topic: running.topic,
    stack: null,
    onFailureFolder: running.onFailureFolder,
    kafka: async () =>
      kafkaConnection({
        ...process.env,
        KAFKA_BOOTSTRAP_SERVERS: running.bootstrapServers.join(','),
      }),
  };
};
