import { latestExpiryOfOldServers } from '../../functions/ingest/cassandra/refusals/read-refusal.ts';
import { variables } from '../../functions/ingest/settings/read-settings.ts';
import { settingWarnings } from '../../functions/ingest/settings/warnings.ts';
import { arnsIn } from './arns.ts';
import { settingsOfFunction } from './function-environment.ts';
import type { PipelineSettings } from './pipeline.ts';
import { functionAsks } from './registry-environment.ts';
import type { Sink } from './sink.ts';
import type { DeployConfig } from './stage.ts';
import { isToken } from './tokens.ts';

/** Finds the settings of tables that do nothing, because others make the tables. */
const unmadeSettings = ({ tables }: Sink): readonly string[] => {
  if (tables.create) return [];
  const { userEventsTtlDays } = tables;
  const given = {
    userEventsTtlDays: userEventsTtlDays !== undefined,
    capacity: 'capacity' in tables && tables.capacity !== 'on-demand',
    pointInTimeRecovery: 'pointInTimeRecovery' in tables && !tables.pointInTimeRecovery,
    replication: 'replication' in tables && tables.replication !== undefined,
  };
  return Object.entries(given)
    .filter(([, isGiven]) => isGiven)
    .map(([name]) => `sink.tables.${name}`);
};

/** Finds the settings that name a secret of another account without its key. */
const foreignSecrets = (config: PipelineSettings): readonly string[] => {
  if (config.account === undefined) return [];
  const all = arnsIn(config);
  const keys = new Set(all.map(({ path }) => path).filter((path) => path.endsWith('KeyArn')));
  const keyOf = (path: string) =>
    path.startsWith('environment.')
      ? 'schemaRegistry.secretKeyArn'
      : path.replace(/[^.]+$/, 'secretKeyArn');
  return all
    .filter(
      ({ path, arn, account }) =>
        arn.includes(':secretsmanager:') &&
        !isToken(account) &&
        account !== config.account &&
        !keys.has(keyOf(path)),
    )
    .map(({ path }) => path);
};

/** Computes for how many days from now every version of Cassandra can keep a row. @param now milliseconds since the epoch. */
const mostTtlDays = (now: number): number =>
  Math.floor((latestExpiryOfOldServers - now / 1000) / 86_400);

/**
 * Finds settings that AWS takes and that may do harm. `cdk synth` shows each warning with a name under which it can be acknowledged.
 * @param now milliseconds since the epoch.
 */
export const warnings = (
  config: PipelineSettings,
  now = Date.now(),
): readonly (readonly [name: string, text: string])[] => {
  const { mapping, onFailure, source, sink, removal, environment, schemaRegistry } = config;
  const unmade = unmadeSettings(sink);
  const foreign = foreignSecrets(config);
  const found: (readonly [string, string] | false)[] = [
    mapping.startingPosition === 'latest' && [
      'latest',
      'mapping.startingPosition latest loses records: those that arrive while the mapping is made or restarted, which takes minutes, ' +
        'are never read. trim-horizon and at-timestamp lose none.',
    ],
    mapping.maxRecordAgeSeconds !== undefined && [
      'record-age',
      `mapping.maxRecordAgeSeconds: after an outage of more than ${mapping.maxRecordAgeSeconds} s, the records that have waited ` +
        'go to the on-failure destination untried.',
    ],
    mapping.pollers === 'on-demand' &&
      onFailure.kind !== 'none' && [
        'ten-retries',
        `mapping.pollers on-demand with onFailure ${onFailure.kind}: AWS retries a batch ten times and then sends it there, ` +
          'which an outage of minutes is enough for. Provisioned mode has retryAttempts; onFailure none retries for ever.',
      ],
    mapping.pollers === 'on-demand' && [
      'on-demand',
      'mapping.pollers on-demand: if one record fails, its whole batch is delivered again; and if the brokers are in a private ' +
        'subnet, their VPC needs a NAT gateway, or endpoints of Lambda, STS and, with a login, Secrets Manager.',
    ],
    onFailure.kind === 'none' && [
      'no-destination',
      'onFailure none: a record that cannot be handled holds up its partition until it leaves the topic unhandled; AWS skips ' +
        'a record of more than 6 MB without a word.',
    ],
    onFailure.kind === 'sqs' && [
      'sqs',
      'onFailure sqs keeps the offsets of a failed batch, not its records: they are lost when the topic’s retention ends. ' +
        's3 and topic keep the records.',
    ],
    source.kind === 'msk' &&
      source.auth === 'none' && [
        'no-login',
        'source.auth none: if the cluster has IAM switched on, AWS logs in with the role, which has no grants for it.',
      ],
    sink.kind === 'cassandra' &&
      !sink.tls && [
        'plaintext',
        'sink.tls false: events and the password cross the network unencrypted.',
      ],
    ...expiries(config).map(
      ([name, setting, days]) =>
        sink.kind === 'cassandra' &&
        days > mostTtlDays(now) &&
        ([
          name,
          `${setting} ${days}: rows would expire after 2038-01-19, which Cassandra below 5.0 refuses, and 5.0 unless ` +
            `storage_compatibility_mode is NONE. Up to ${mostTtlDays(now)} days they would not, and one less each day. The deploy tries it on the server.`,
        ] as const),
    ),
    removal === 'destroy' && [
      'destroy',
      'removal destroy: the tables, and the batches in the bucket, are deleted with the stack.',
    ],
    foreign.length > 0 && [
      'foreign-secret',
      `${foreign.join(', ')}: a secret of another account can be read only if it is encrypted with a customer’s key: AWS’s own key lets ` +
        'no other account in. Name that key in secretKeyArn beside the secret.',
    ],
    unmade.length > 0 && [
      'tables-of-others',
      `sink.tables.create false: the deploy neither makes nor checks the tables, and ${unmade.join(', ')} does nothing.`,
    ],
    schemaRegistry?.kind === 'glue' &&
      schemaRegistry.validate === undefined &&
      !functionAsks({ environment, schemaRegistry }) && [
        'unasked-registry',
        'schemaRegistry without validate, and without environment.SCHEMA_REGISTRY glue: the role may read the registry, but nothing ' +
          'asks it.',
      ],
    config.operate &&
      config.network === undefined &&
      (source.kind !== 'self-managed' || source.vpc !== undefined) && [
        'operate-outside',
        'operate without network: its function runs in no VPC, and does not reach brokers inside one. Commands that ask Kafka end with code 2 there.',
      ],
    environment.LATE_EVENTS === 'drop' && [
      'late-events',
      'environment.LATE_EVENTS drop: late events are counted, but not kept.',
    ],
    ...settingWarnings(settingsOfFunction(config)).map(
      ({ setting, text }): readonly [string, string] => [
        setting.toLowerCase().replaceAll('_', '-'),
        `environment.${text}`,
      ],
    ),
  ];
  return found.filter((one) => one !== false);
};

/** Finds what may do harm in a stage, besides the warnings of its pipeline. */
export const demoWarnings = ({
  source,
  region,
}: DeployConfig): readonly (readonly [name: string, text: string])[] =>
  source.kind === 'demo' &&
  source.availabilityZones === undefined &&
  // A stage without a region is deployed to the region of the CLI's profile.
  (region ?? process.env['CDK_DEFAULT_REGION']) === 'us-east-1'
    ? [
        [
          'zone-without-msk',
          'source demo in us-east-1 takes the first two zones, and MSK is not in the zone with the id use1-az3: if it is one of them ' +
            '(aws ec2 describe-availability-zones --query "AvailabilityZones[].[ZoneName,ZoneId]"), name two others in ' +
            'source.availabilityZones.',
        ],
      ]
    : [];

/** Lists the settings that say how long rows are kept: the warning's name, the setting and its days. */
const expiries = ({
  sink,
  environment,
}: PipelineSettings): readonly (readonly [name: string, setting: string, days: number])[] => [
  ['user-events-expiry', 'sink.tables.userEventsTtlDays', sink.tables.userEventsTtlDays ?? 0],
  [
    'rejected-events-expiry',
    'environment.REJECTED_TTL_DAYS',
    Number(environment.REJECTED_TTL_DAYS ?? variables.REJECTED_TTL_DAYS.fallback),
  ],
];
