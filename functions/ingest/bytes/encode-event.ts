import type { FieldValue, FieldValues } from '../event/user-event.ts';
import type { EventLayout } from './event-layout.ts';
import { EventView } from './event-view.ts';
import { bytesOfValue, writeValue } from './write-value.ts';

/** Puts the fields of an event, which are valid, into bytes and numbers of its own. */
export const encodeEvent = (layout: EventLayout, fields: FieldValues): EventView => {
  const { plan } = layout;
  const fieldNamed = (name: string): FieldValue => fields[name] ?? null;
  let size = 0;
  for (const { name, kind } of plan.fields) size += bytesOfValue(kind, fieldNamed(name));
  const into = Buffer.allocUnsafe(size);
  const { slots, base } = layout;
  let at = 0;
  for (const field of plan.fields) {
    const slot = base + layout.slotOf(field);
    at = writeValue(field.kind, fieldNamed(field.name), { slots, slot, into, at });
  }
  layout.keep();
  return new EventView(layout, into, slots, base, fieldNamed(plan.time.name) as number);
};
