import type { DeployConfig } from '../config.ts';

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
  ];
  return found.filter((one) => one !== false);
};
