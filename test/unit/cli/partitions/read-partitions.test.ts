import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  goneOf,
  isOfFormerTopic,
  lagOf,
  type PartitionState,
} from '../../../../cli/partitions/read-partitions.ts';

const state = (next: bigint | null, extent: [bigint, bigint] | null): PartitionState => ({
  topic: 't',
  partition: 0,
  checkpoint:
    next === null
      ? null
      : {
          ...{ group: 'g', topic: 't', partition: 0, nextOffset: next },
          ...{ maxEventTime: null, earlier: new Map(), updatedAt: null },
        },
  extent: extent === null ? null : { begin: extent[0], end: extent[1] },
});

for (const [title, given, lag, gone, former] of [
  ['with a checkpoint below the end has the records between', state(4n, [0n, 10n]), 6n, 0n, false],
  ['with a checkpoint at the end has no lag', state(10n, [0n, 10n]), 0n, 0n, false],
  ['without a checkpoint has all records before it', state(null, [3n, 10n]), 7n, 0n, false],
  ['that Kafka was not asked for has an unknown lag', state(4n, null), null, 0n, false],
  [
    'whose oldest records are deleted has lost those unhandled',
    state(4n, [6n, 10n]),
    4n,
    2n,
    false,
  ],
  [
    'whose checkpoint lies beyond the end has all records before it',
    state(50n, [0n, 10n]),
    10n,
    0n,
    true,
  ],
  [
    'whose last batch was given up has the records behind it',
    { ...state(4n, [0n, 10n]), passed: { to: 9n, givenUp: 5 } },
    1n,
    0n,
    false,
  ],
  [
    'with offsets above 2^53 is counted exactly',
    state(9_007_199_254_740_993n, [0n, 9_223_372_036_854_775_807n]),
    9_214_364_837_600_034_814n,
    0n,
    false,
  ],
] as const)
  test(`a partition ${title}`, () => {
    deepStrictEqual([lagOf(given), goneOf(given), isOfFormerTopic(given)], [lag, gone, former]);
  });
