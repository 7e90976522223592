import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type * as z from 'zod';
import { ConfigError } from '../../functions/ingest/pipeline/errors.ts';
import { readConfig } from '../../functions/ingest/settings/read-settings.ts';
import type { DeployConfig } from '../config.ts';
import { functionEnvironment } from './environment.ts';
import type { Finding, Guard } from './guard.ts';
import { nearby } from './nearby.ts';
import { reachable } from './reachable.ts';
import { registryEnvironment } from './registry-environment.ts';
import { registry } from './registry-guard.ts';
import { variablesSize } from './variables-guard.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html */
const onDemand: Guard = {
  needs: ['mapping', 'onFailure', 'schemaRegistry'],
  find: ({ mapping, onFailure, schemaRegistry }) => {
    if (mapping.pollers !== 'on-demand') return [];
    const without =
      'on demand, where AWS does not take it; give mapping.pollers minimum and maximum';
    return [
      ...(['retryAttempts', 'maxRecordAgeSeconds', 'bisect', 'logLevel'] as const).map(
        (name): Finding | false =>
          mapping[name] !== undefined && [
            `mapping.${name}`,
            `must not be given ${without} (given ${JSON.stringify(mapping[name])})`,
          ],
      ),
      onFailure.kind === 'topic' && [
        'onFailure.kind',
        `must not be topic ${without} (given "topic")`,
      ],
      schemaRegistry?.validate !== undefined && [
        'schemaRegistry.validate',
        `must not be given ${without} (given "${schemaRegistry.validate}")`,
      ],
    ];
  },
};

const pollers: Guard = {
  needs: ['mapping'],
  find: ({ mapping: { pollers: given } }) => [
    given !== 'on-demand' &&
      given.maximum < given.minimum && [
        'mapping.pollers.maximum',
        `must be at least mapping.pollers.minimum (given ${given.maximum} and ${given.minimum})`,
      ],
  ],
};

/** https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html */
const retries: Guard = {
  needs: ['mapping', 'onFailure'],
  find: ({ mapping: { retryAttempts, maxRecordAgeSeconds, pollers: given }, onFailure }) => {
    const forEver = retryAttempts === -1;
    const nowhere = onFailure.kind === 'none';
    return [
      forEver &&
        !nowhere && [
          'mapping.retryAttempts',
          `must be 0 to 10000 with onFailure ${onFailure.kind}: AWS makes 10 of -1, for ever, where there is a ` +
            'destination (given -1)',
        ],
      nowhere &&
        given !== 'on-demand' &&
        !forEver && [
          'mapping.retryAttempts',
          `must be -1 with onFailure none: AWS drops a batch whose retries have ended (${
            retryAttempts === undefined ? 'not given' : `given ${retryAttempts}`
          })`,
        ],
      nowhere &&
        maxRecordAgeSeconds !== undefined && [
          'mapping.maxRecordAgeSeconds',
          `must not be given with onFailure none: AWS drops records that are older (given ${maxRecordAgeSeconds})`,
        ],
    ];
  },
};

/** https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html */
const destination: Guard = {
  needs: ['onFailure', 'topic'],
  find: ({ onFailure, topic }) => [
    onFailure.kind === 'topic' &&
      onFailure.topic === topic && [
        'onFailure.topic',
        `must not be the topic that is read: its records would come back for ever (given "${topic}")`,
      ],
  ],
};

/** https://docs.aws.amazon.com/lambda/latest/dg/kafka-starting-positions.html */
const start: Guard = {
  needs: ['mapping'],
  find: ({ mapping: { startingPosition, startingTimestamp } }) => [
    startingPosition === 'at-timestamp' &&
      startingTimestamp === undefined && [
        'mapping.startingTimestamp',
        'must be given with startingPosition at-timestamp (not given)',
      ],
    startingPosition !== 'at-timestamp' &&
      startingTimestamp !== undefined && [
        'mapping.startingTimestamp',
        `must not be given with startingPosition ${startingPosition}: it would do nothing (given "${startingTimestamp}")`,
      ],
    startingTimestamp !== undefined &&
      !(Date.parse(startingTimestamp) <= Date.now()) && [
        'mapping.startingTimestamp',
        `must be a time that is over: AWS takes no other (given "${startingTimestamp}")`,
      ],
    // Kafka takes what is below 0 for its newest and oldest record.
    startingTimestamp !== undefined &&
      Date.parse(startingTimestamp) < 0 && [
        'mapping.startingTimestamp',
        `must be a time from 1970 on: Kafka knows no earlier one (given "${startingTimestamp}")`,
      ],
  ],
};

/** With IAM `*` in a group's name would be a wildcard of the role's policy. */
const groupName: Guard = {
  needs: ['source', 'consumerGroup'],
  find: ({ source, consumerGroup }) => [
    (source.kind === 'demo' || source.auth === 'iam') &&
      consumerGroup.includes('*') && [
        'consumerGroup',
        `must be without * under IAM, which would take it for any group (given "${consumerGroup}")`,
      ],
  ],
};

/** Rows a second that one environment writes to a slow database: 128 requests at once (handler.ts), of one row at the worst, half a second each. */
const slowRowsPerSecond = 250;

/** Seconds that the function keeps for what is in flight and the checkpoint (pipeline/deadlines.ts). */
const reservedSeconds = 15;

const timeout: Guard = {
  needs: ['function', 'mapping'],
  find: ({ function: { timeoutSeconds }, mapping: { batchSize } }) => {
    const atLeast = Math.ceil(batchSize / slowRowsPerSecond) + reservedSeconds;
    return [
      timeoutSeconds < atLeast && [
        'function.timeoutSeconds',
        `must be at least ${atLeast} for a mapping.batchSize of ${batchSize}: a slow database takes ` +
          `${slowRowsPerSecond} rows a second of one environment, ${reservedSeconds} s are kept for what is in flight, ` +
          `and what is not done in time comes again (given ${timeoutSeconds})`,
      ],
    ];
  },
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html, SourceAccessConfigurations */
const mostAccesses = 22;

const accesses: Guard = {
  needs: ['source'],
  find: ({ source }) => {
    if (source.kind !== 'self-managed' || source.vpc === undefined) return [];
    const { subnetIds, securityGroupIds } = source.vpc;
    const logins = ('secretArn' in source ? 1 : 0) + (source.caSecretArn === undefined ? 0 : 1);
    const given = subnetIds.length + securityGroupIds.length + logins;
    return [
      given > mostAccesses && [
        'source.vpc',
        `must have at most ${mostAccesses} subnets and groups, together with login and CA: AWS takes no more (given ${given})`,
      ],
    ];
  },
};

const place = (['account', 'region'] as const).map(
  (name): Guard => ({
    needs: [name],
    // The source may be wrong in another way, or none at all.
    find: ({ source, ...given }) => [
      Object(source).kind !== 'demo' &&
        given[name] === undefined && [
          name,
          'must be given, so that no other than this one is deployed to (not given)',
        ],
    ],
  }),
);

const retention: Guard = {
  needs: ['function'],
  find: ({ function: { logRetentionDays } }) => [
    !(logRetentionDays in RetentionDays) && [
      'function.logRetentionDays',
      `must be one of ${Object.values(RetentionDays)
        .filter((days) => typeof days === 'number' && days < 9999)
        .join(', ')} (given ${logRetentionDays})`,
    ],
  ],
};

const inVpc: Guard = {
  needs: ['network', 'sink', 'source', 'environment', 'schemaRegistry', 'region'],
  find: ({ network, sink, source, environment, schemaRegistry, region }) => {
    if (network === undefined) return [];
    const { endpoints, database, subnetIds, availabilityZones } = network;
    const nodes = [database.securityGroupId, database.cidr].filter((one) => one !== undefined);
    return [
      source.kind === 'demo' && ['network', 'must not be given in a demo, which makes its own'],
      subnetIds.length !== availabilityZones.length && [
        'network.subnetIds',
        `must be as many as network.availabilityZones (given ${subnetIds.length} and ${availabilityZones.length})`,
      ],
      ...availabilityZones.map(
        (zone, index): Finding | false =>
          region !== undefined &&
          // A zone is its region and a letter; a local zone has its place between them.
          !new RegExp(`^${region}(-[a-z0-9-]+)?[a-z]$`).test(zone) && [
            `network.availabilityZones.${index}`,
            `must be a zone of the stack’s region, like ${region}a (given "${zone}")`,
          ],
      ),
      sink.kind === 'cassandra' &&
        nodes.length !== 1 && [
          'network.database',
          `must name securityGroupId or cidr: the function’s group is opened to nothing else (given ${nodes.length} of them)`,
        ],
      sink.kind === 'keyspaces' &&
        nodes.length > 0 && [
          'network.database',
          'must not be given for Keyspaces: it would do nothing',
        ],
      sink.kind === 'cassandra' &&
        endpoints.keyspaces && [
          'network.endpoints.keyspaces',
          'must be false for Cassandra (given true)',
        ],
      sink.login === undefined &&
        !registryEnvironment({ environment, schemaRegistry }).SCHEMA_REGISTRY_SECRET_ARN &&
        endpoints.secretsManager && [
          'network.endpoints.secretsManager',
          'must be false without sink.login and environment.SCHEMA_REGISTRY_SECRET_ARN: the function reads no secret ' +
            '(given true)',
        ],
    ];
  },
};

/** The key of a secret that is not given would be taken without a word. */
const secretKey: Guard = {
  needs: ['source'],
  find: ({ source }) => [
    source.kind === 'self-managed' &&
      source.secretKeyArn !== undefined &&
      !('secretArn' in source) &&
      source.caSecretArn === undefined && [
        'source.secretKeyArn',
        `must not be given without a secret, which login and caSecretArn are: it would do nothing (given "${source.secretKeyArn}")`,
      ],
  ],
};

/** A VPC connection leads to one cluster: the grants of IAM name that cluster. */
const vpcConnection: Guard = {
  needs: ['source'],
  find: ({ source }) => {
    if (source.kind !== 'msk' || source.vpcConnectionArn === undefined) return [];
    const [, , , , account, cluster] = source.clusterArn.split(':');
    const leadsTo = `${account}/${cluster?.split('/')[1]}`;
    return [
      !source.vpcConnectionArn.includes(`:vpc-connection/${leadsTo}/`) && [
        'source.vpcConnectionArn',
        `must lead to the cluster of source.clusterArn, as in …:vpc-connection/${leadsTo}/… (given "${source.vpcConnectionArn}")`,
      ],
    ];
  },
};

/** Rows are written at LOCAL_QUORUM, which a data centre without replicas never reaches. */
const replicas: Guard = {
  needs: ['sink'],
  find: ({ sink }) => [
    sink.kind === 'cassandra' &&
      sink.tables.replication !== undefined &&
      !Object.hasOwn(sink.tables.replication, sink.localDataCenter) && [
        'sink.tables.replication',
        `must have sink.localDataCenter, ${sink.localDataCenter}, where rows are written (given ${JSON.stringify(
          sink.tables.replication,
        )})`,
      ],
  ],
};

const capacity: Guard = {
  needs: ['sink'],
  find: ({ sink }) => {
    if (sink.kind !== 'keyspaces' || sink.tables.capacity === 'on-demand') return [];
    return Object.entries(sink.tables.capacity).map(
      ([what, { minimum, maximum }]) =>
        maximum < minimum && [
          `sink.tables.capacity.${what}.maximum`,
          `must be at least its minimum (given ${maximum} and ${minimum})`,
        ],
    );
  },
};

/** Characters of an MSK cluster's name: https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html */
const longestClusterName = 64;

const demo: Guard = {
  needs: ['source', 'sink', 'stackName'],
  find: ({ source, sink, stackName }) => [
    source.kind === 'demo' &&
      stackName.length > longestClusterName && [
        'stackName',
        `must be at most ${longestClusterName} characters in a demo, whose cluster has that name: AWS takes no longer one ` +
          `(given "${stackName}")`,
      ],
    source.kind === 'demo' &&
      sink.kind !== 'keyspaces' && [
        'sink.kind',
        `must be keyspaces in a demo (given "${sink.kind}")`,
      ],
  ],
};

/** What the function would refuse to start with. */
const variables: Guard = {
  needs: ['sink', 'consumerGroup', 'environment', 'schemaRegistry'],
  find: (config) => {
    const { sink, environment } = config;
    const keptForEver = Number(environment.REJECTED_TTL_DAYS ?? 1) === 0;
    try {
      readConfig(functionEnvironment(config, 'eu-west-1'));
      return [
        // USING TTL is refused on a table that has no TTL, and CloudFormation gives one only by a default.
        sink.kind === 'keyspaces' &&
          keptForEver && [
            'environment.REJECTED_TTL_DAYS',
            'must be 1 to 7300 on Keyspaces, which takes USING TTL only for tables with a TTL (given "0")',
          ],
      ];
    } catch (error) {
      if (error instanceof ConfigError)
        return error.mistakes.map((mistake): Finding => ['environment:', mistake]);
      return [['sink.caFile', `must be a file that can be read (${(error as Error).message})`]];
    }
  },
};

const guards = [
  ...place,
  nearby,
  registry,
  groupName,
  accesses,
  onDemand,
  pollers,
  retries,
  start,
  destination,
  timeout,
  retention,
  capacity,
  secretKey,
  vpcConnection,
  replicas,
  inVpc,
  reachable,
  demo,
  variables,
  variablesSize,
];

/** Runs each guard whose settings are right in themselves, so that all mistakes are reported together. */
export const guard = (config: DeployConfig, context: z.core.$RefinementCtx): void => {
  const wrong = new Set(context.issues.map(({ path = [] }) => path[0]));
  // What is no object at all has been said.
  if (wrong.has(undefined) && Object(config) !== config) return;
  const findings = guards
    .filter(({ needs }) => !needs.some((name) => wrong.has(name)))
    .flatMap(({ find }) => find(config));
  for (const finding of findings) {
    if (finding === false) continue;
    const [path, message] = finding;
    const [setting] = path.split('.');
    // What is wrong in itself has been reported.
    if (wrong.has(setting)) continue;
    context.addIssue({ code: 'custom', path: path.split('.'), message });
  }
};
