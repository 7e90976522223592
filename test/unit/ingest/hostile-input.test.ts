import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { reasons } from '../../../functions/ingest/event/rejection.ts';
import { laws } from '../../fuzz/laws.ts';

// A share of `npm run fuzz`. The seeds stand still, so that a build does not fail by chance.
// The values are too short for too much metadata.
const notOfBytes = ['late', 'refused', 'unknown_schema', 'incompatible_schema', 'invalid_metadata'];
const decided = reasons.filter((reason) => !notOfBytes.includes(reason));

test('any bytes become an event or a rejection in no more steps than bytes, as another reader has them', async () => {
  const became = await laws.values({ inputs: 10_000, seed: 1 });
  // Each fate that a value can have occurred.
  deepStrictEqual(
    [...became.keys()].sort(),
    ['event', ...decided.filter((reason) => reason !== 'tombstone')].sort(),
  );
});

test('any bytes in any wire format become what they are without it, or are rejected', async () => {
  const became = await laws.framed({ inputs: 3_000, seed: 1 });
  deepStrictEqual(
    [...became.keys()].sort(),
    [
      'event',
      'incompatible_schema',
      'unknown_schema',
      ...decided.filter((reason) => reason !== 'tombstone'),
    ].sort(),
  );
});

test('any event is no Kafka event, or each of its records has one outcome', async () => {
  const became = await laws.events({ inputs: 2_000, seed: 1 });
  deepStrictEqual(
    [...became.keys()].sort(),
    ['no Kafka event', 'written', 'superseded', 'failed', 'late', ...decided].sort(),
  );
});
