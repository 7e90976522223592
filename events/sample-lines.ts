import { fieldsOf } from './kafka-event.ts';
import type { SampleEvent } from './samples.ts';

const at = (user: number, time: string, type: string, metadata = {}): SampleEvent => ({
  user,
  type,
  time: `2026-03-10T${time}Z`,
  metadata,
});

/** Two users in a shop. The last event is ten minutes behind the one before of its user, and so late. */
const visit: readonly SampleEvent[] = [
  at(1, '12:00:00.000', 'page_view', { page: '/' }),
  at(1, '12:00:04.250', 'search', { query: 'φούρνος' }),
  at(2, '12:00:05.000', 'page_view', { page: '/offers' }),
  at(1, '12:00:09.100', 'click', { button: 'details' }),
  at(1, '12:00:31.870', 'add_to_cart', { product: '4711' }),
  at(2, '12:00:40.020', 'page_view', { page: '/products/4711' }),
  at(1, '12:01:10.500', 'purchase', { product: '4711', currency: 'EUR' }),
  at(1, '11:51:10.500', 'page_view', { page: '/help' }),
];

/** Makes the events that `npm run produce` takes, as JSON lines. */
export const sampleLines = (): string =>
  visit
    .map(
      (event, index) =>
        `${JSON.stringify({ ...fieldsOf(event, index), event_time: event.time })}\n`,
    )
    .join('');
