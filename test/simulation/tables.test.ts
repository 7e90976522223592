import { ok } from 'node:assert/strict';
import { test } from 'node:test';
import type { Fate } from './oracle.ts';
import { createTables } from './tables.ts';

/** Makes a fate: an event of one user that is on time in every delivery. */
const fate = (index: number): Fate => ({
  stream: {
    record: {
      topic: 'events',
      partition: 0,
      offset: index,
      timestamp: 0,
      key: null,
      value: null,
      headers: [],
    },
    content: {
      kind: 'event',
      event: {
        userId: 'u',
        eventType: 'click',
        eventTime: 0,
        eventId: `${index}`,
        metadata: {},
      },
    },
    tooLarge: 'no',
  },
  name: `0.0.${index}`,
  generation: 0,
  partition: 0,
  index,
  least: 0,
  most: 0,
  givenUp: false,
});

// The two events are those of seed 591,342 of `npm run simulate`.
test('the first of two events with one key may stand where its write arrived last and its sender’s clock was ahead', () => {
  const tables = createTables({ writeTime: 'client', eventIdInKey: false, lateEvents: 'keep' });
  const [first, second] = [fate(27), fate(28)];
  tables.writeRow(second, { time: 90, order: 2 });
  ok(!tables.has(fate(29)));
  tables.writeRow(first, { time: 168, order: 1 });
  ok(tables.has(second));
});

test('the later of two events with one key must stand where no clock is ahead', () => {
  const tables = createTables({ writeTime: 'client', eventIdInKey: false, lateEvents: 'keep' });
  const [first, second] = [fate(27), fate(28)];
  tables.writeRow(first, { time: 1, order: 1 });
  ok(!tables.has(second));
  tables.writeRow(second, { time: 2, order: 2 });
  ok(tables.has(first) && tables.has(second));
});
