import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Delivery } from '../../../../functions/ingest/pipeline/delivery.ts';
import {
  groupByRow,
  RejectedRow,
  RowGroup,
} from '../../../../functions/ingest/pipeline/row-groups.ts';
import { eventAt, ofOneRow, rejectedAt } from '../../../support/deliveries.ts';

const offsetOf = ({ record }: Delivery): number => record.offset;

/** Deliveries whose rows meet often: of few users and types, and of times of which two differ above the lowest 32 bits alone. */
const deliveries = fc
  .array(
    fc.option(
      fc.record({
        user: fc.nat(1),
        event_type: fc.constantFrom('click', 'view'),
        event_time: fc.constantFrom(0, 1, -1, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), 2 ** 31),
      }),
    ),
  )
  .map((given) =>
    given.map((one, offset) => {
      if (one === null) return rejectedAt(offset);
      const { user, ...fields } = one;
      return eventAt(offset, {
        ...fields,
        user_id: `11111111-1111-4111-8111-11111111111${user}`,
      });
    }),
  );

/** The offsets of each row's events by the plain way: a Map by the whole key. */
const offsetsByRow = (given: readonly Delivery[]): number[][] => {
  const rows = new Map<string, number[]>();
  for (const { event, record } of given)
    if (event !== null) {
      const offsets = rows.get(event.rowKey) ?? [];
      rows.set(event.rowKey, offsets);
      offsets.push(record.offset);
    }
  return [...rows.values()];
};

test('events are grouped by their whole row key, in offset order, and the last event of a row wins', () => {
  fc.assert(
    fc.property(deliveries, (given) => {
      const { groups } = groupByRow(given);
      deepStrictEqual(
        groups.map(({ winner, superseded }) => [...superseded, winner].map(offsetOf)),
        offsetsByRow(given),
      );
      for (const group of groups) {
        strictEqual(group.event, group.winner.event);
        strictEqual(group.offset, offsetOf(group.superseded[0] ?? group.winner));
      }
    }),
    { numRuns: 500 },
  );
});

test('rejected records are rows of their own, in offset order, and in no group of events', () => {
  fc.assert(
    fc.property(deliveries, (given) => {
      const { groups, rejected } = groupByRow(given);
      const of = given.filter(({ rejection }) => rejection !== null);
      deepStrictEqual(
        rejected.map(({ delivery, offset, record, rejection }) => ({
          delivery,
          offset,
          record,
          rejection,
        })),
        of.map((delivery) => {
          const { record, rejection } = delivery;
          return { delivery, offset: record.offset, record, rejection };
        }),
      );
      const inGroups = groups.flatMap(({ winner, superseded }) => [winner, ...superseded]);
      strictEqual(inGroups.length + of.length, given.length);
    }),
  );
});

test('an event whose record was rejected is in no group, and leaves its row to the others', () => {
  const [first, second, third] = ofOneRow(0, 1, 2) as [Delivery, Delivery, Delivery];
  third.rejection = { kind: 'rejected', reason: 'late', detail: 'it is late' };
  const { groups, rejected } = groupByRow([first, second, third]);
  deepStrictEqual(
    groups.map(({ winner, superseded }) => [offsetOf(winner), superseded.map(offsetOf)]),
    [[1, [0]]],
  );
  deepStrictEqual(
    rejected.map(({ offset }) => offset),
    [2],
  );
});

test('a group of one event has none superseded, and begins at its offset', () => {
  const group = new RowGroup(eventAt(7));
  deepStrictEqual([group.offset, group.superseded], [7, []]);
});

test('a group takes later events: each is the winner, over all before it', () => {
  const [first, second, third] = ofOneRow(3, 5, 9) as [Delivery, Delivery, Delivery];
  const group = new RowGroup(first);
  group.add(second);
  group.add(third);
  deepStrictEqual([group.winner, group.superseded, group.offset], [third, [first, second], 3]);
});

test('a group that begins with superseded records leaves the list that it was given as it is', () => {
  const [first, second, third] = ofOneRow(3, 5, 9) as [Delivery, Delivery, Delivery];
  const given = [first];
  const group = new RowGroup(second, given);
  group.add(third);
  deepStrictEqual([given, group.superseded], [[first], [first, second]]);
});

test('the row of a rejected record begins at an offset before it where a row of events left it over', () => {
  const delivery = rejectedAt(9);
  deepStrictEqual([new RejectedRow(delivery).offset, new RejectedRow(delivery, 3).offset], [9, 3]);
});
