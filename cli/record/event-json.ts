import type { EventPlan } from '../../functions/ingest/event/plan.ts';
import { isReadable } from '../../functions/ingest/event/readable-time.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import { isoTime } from '../terminal/print.ts';

/** Converts an event to JSON: times in ISO form (in milliseconds where a time is not valid), longs in digits, bytes in hexadecimal. */
export const eventJson = (
  event: Pick<UserEvent, 'get'>,
  { fields }: EventPlan,
): Record<string, unknown> =>
  Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = event.get(name);
      if (typeof value === 'number' && kind === 'time' && isReadable(value))
        return [name, isoTime(value)];
      if (typeof value === 'bigint') return [name, `${value}`];
      if (value instanceof Map) return [name, Object.fromEntries(value)];
      return [name, Buffer.isBuffer(value) ? value.toString('hex') : value];
    }),
  );
