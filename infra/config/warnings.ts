import { readConfig } from '../../functions/ingest/config.ts';
import { configWarnings } from '../../functions/ingest/config-warnings.ts';
import type { DeployConfig } from '../config.ts';
import { functionEnvironment } from './environment.ts';

/** What AWS takes and a person may regret: `cdk synth` shows it, by a name under which it can be acknowledged. */
export const warnings = (
  config: DeployConfig,
): readonly (readonly [name: string, text: string])[] => {
  const { mapping, onFailure, source, sink, removal, environment } = config;
  const found: (readonly [string, string] | false)[] = [
    mapping.startingPosition === 'latest' && [
      'latest',
      'mapping.startingPosition latest loses records: those that arrive while the mapping is made or restarted (minutes) ' +
        'are never read. trim-horizon and at-timestamp lose none.',
    ],
    mapping.maxRecordAgeSeconds !== undefined && [
      'record-age',
      `mapping.maxRecordAgeSeconds: after an outage of more than ${mapping.maxRecordAgeSeconds} s, the records that waited ` +
        'go to the on-failure destination untried.',
    ],
    mapping.pollers === 'on-demand' &&
      onFailure.kind !== 'none' && [
        'ten-retries',
        `mapping.pollers on-demand with onFailure ${onFailure.kind}: AWS tries a batch ten more times and sends it there, ` +
          'so that an outage of minutes does. Provisioned mode has retryAttempts; onFailure none tries for ever.',
      ],
    mapping.pollers === 'on-demand' && [
      'on-demand',
      'mapping.pollers on-demand: one record that fails has its whole batch come again; and where the brokers are in a private ' +
        'subnet, their VPC needs a NAT gateway, or endpoints of Lambda, STS and, with a login, Secrets Manager.',
    ],
    onFailure.kind === 'none' && [
      'no-destination',
      'onFailure none: a record that cannot be handled holds up its partition until it leaves the topic, unhandled; one that ' +
        'is over 6 MB AWS skips without a word.',
    ],
    onFailure.kind === 'sqs' && [
      'sqs',
      'onFailure sqs keeps the offsets of a failed batch, not its records: they are lost when the topic’s retention ends. ' +
        's3 and topic keep the records.',
    ],
    source.kind === 'msk' &&
      source.auth === 'none' && [
        'no-login',
        'source.auth none: where the cluster has IAM switched on, AWS logs in with the role, which has no grants for it.',
      ],
    sink.kind === 'cassandra' &&
      !sink.tls && [
        'plaintext',
        'sink.tls false: events and the password cross the network as they are.',
      ],
    removal === 'destroy' &&
      source.kind !== 'demo' && [
        'destroy',
        'removal destroy: deleting the stack deletes the tables, and the batches in the bucket, with it.',
      ],
    environment.LATE_EVENTS === 'drop' && [
      'late-events',
      'environment.LATE_EVENTS drop: late events are counted and not kept.',
    ],
    ...configWarnings(readConfig(functionEnvironment(config, 'any-region-1'))).map(
      ({ setting, text }): readonly [string, string] => [
        setting.toLowerCase().replaceAll('_', '-'),
        `environment.${text}`,
      ],
    ),
  ];
  return found.filter((one) => one !== false);
};
