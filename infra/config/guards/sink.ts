import type { Guard } from './guard.ts';

/** Refuses a data centre without replicas: rows are written at LOCAL_QUORUM, which it would never reach. */
export const replicas: Guard = {
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

export const capacity: Guard = {
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
