import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { positionIn } from '../../../../functions/ingest/bytes/event-layout.ts';
import { EventView } from '../../../../functions/ingest/bytes/event-view.ts';
import type { Field } from '../../../../functions/ingest/event/plan.ts';
import { everyKindLayout } from '../../../support/kinds.ts';

test('the slots of all fields lie one behind the other within those of an event', () => {
  const layout = everyKindLayout();
  const firsts = layout.plan.fields.map((field) => layout.slotOf(field));
  strictEqual(firsts[0], 0);
  for (const [index, first] of firsts.entries())
    ok(first + 1 < (firsts[index + 1] ?? layout.size), layout.plan.fields[index]?.name);
});

test('an event that is kept has slots of its own, and those of as many events as come behind it are others', () => {
  const layout = everyKindLayout();
  const places = Array.from({ length: 2_000 }, (_, number) => {
    const { slots, base } = layout;
    slots.fill(number + 1, base, base + layout.size);
    layout.keep();
    return { slots, base };
  });
  for (const [number, { slots, base }] of places.entries()) {
    const own = slots.subarray(base, base + layout.size);
    strictEqual(own.length, layout.size);
    ok(own.every((slot) => slot === number + 1));
  }
  strictEqual(places[0]?.slots, places[1]?.slots);
});

test('the slots of an event that is not kept are given to the next', () => {
  const layout = everyKindLayout();
  const { slots, base } = layout;
  deepStrictEqual([layout.slots === slots, layout.base], [true, base]);
  layout.keep();
  deepStrictEqual([layout.slots === slots, layout.base], [true, base + layout.size]);
});

test('two layouts share no slots', () => {
  notStrictEqual(everyKindLayout().slots, everyKindLayout().slots);
});

test('the default of a field of every kind, in the slots of an event without bytes, is read as the schema has it', () => {
  const layout = everyKindLayout();
  const { slots, base } = layout;
  const withDefault = layout.plan.fields.filter(({ fallback }) => fallback !== undefined);
  for (const field of withDefault) slots.set(layout.defaultOf(field), base + layout.slotOf(field));
  const event = new EventView(layout, Buffer.alloc(0), slots, base, 0);
  deepStrictEqual(
    withDefault.map(({ name }) => [name, event.get(name)]),
    withDefault.map(({ name, fallback }) => [name, fallback]),
  );
});

test('a field that the schema gives no default is an error that names it, and so is one of another schema', () => {
  const layout = everyKindLayout();
  const [field] = layout.plan.fields as readonly [Field, ...Field[]];
  throws(() => layout.defaultOf(field), /nothing for field user_id/);
  throws(() => layout.slotOf({ ...field, name: 'country' }), /nothing for field country/);
});

test('a position at or above zero is itself, and one below zero counts from −1 down', () => {
  deepStrictEqual([0, 7, -1, -8].map(positionIn), [0, 7, 0, 7]);
});
