import type { Finding, Guard } from './guard.ts';

/**
 * Refuses what an on-demand mapping does not take.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html
 */
export const onDemand: Guard = {
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

export const pollers: Guard = {
  needs: ['mapping'],
  find: ({ mapping: { pollers: given } }) => [
    given !== 'on-demand' &&
      given.maximum < given.minimum && [
        'mapping.pollers.maximum',
        `must be at least mapping.pollers.minimum (given ${given.maximum} and ${given.minimum})`,
      ],
  ],
};

/**
 * Refuses retries that AWS would shorten, and retries that end without a destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html
 */
export const retries: Guard = {
  needs: ['mapping', 'onFailure'],
  find: ({ mapping: { retryAttempts, maxRecordAgeSeconds, pollers: given }, onFailure }) => {
    const isForEver = retryAttempts === -1;
    const hasDestination = onFailure.kind !== 'none';
    return [
      isForEver &&
        hasDestination && [
          'mapping.retryAttempts',
          `must be 0 to 10000 with onFailure ${onFailure.kind}: with a destination AWS takes -1, for ever, for 10 (given -1)`,
        ],
      !hasDestination &&
        given !== 'on-demand' &&
        !isForEver && [
          'mapping.retryAttempts',
          `must be -1 with onFailure none: AWS drops a batch whose retries have ended (${
            retryAttempts === undefined ? 'not given' : `given ${retryAttempts}`
          })`,
        ],
      !hasDestination &&
        maxRecordAgeSeconds !== undefined && [
          'mapping.maxRecordAgeSeconds',
          `must not be given with onFailure none: AWS drops records that are older (given ${maxRecordAgeSeconds})`,
        ],
    ];
  },
};

/** https://docs.aws.amazon.com/lambda/latest/dg/kafka-starting-positions.html */
export const start: Guard = {
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
        `must be a time in the past: AWS takes no other (given "${startingTimestamp}")`,
      ],
    // Kafka takes the timestamps -1 and -2 for its newest and its oldest record.
    startingTimestamp !== undefined &&
      Date.parse(startingTimestamp) < 0 && [
        'mapping.startingTimestamp',
        `must be a time from 1970 on: Kafka knows no earlier one (given "${startingTimestamp}")`,
      ],
  ],
};

/**
 * Refuses a topic that would be its own on-failure destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
 */
export const destination: Guard = {
  needs: ['onFailure', 'topic'],
  find: ({ onFailure, topic }) => [
    onFailure.kind === 'topic' &&
      onFailure.topic === topic && [
        'onFailure.topic',
        `must not be the topic that is read: its records would come back for ever (given "${topic}")`,
      ],
  ],
};
