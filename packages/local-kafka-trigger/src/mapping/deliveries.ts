import type { KafkaEvent } from './kafka-event.ts';
import type { BatchReport, Invoked } from './options.ts';

/** An invocation: what the function was given, how it ended, and what followed. */
export interface Delivery extends BatchReport, Invoked {
  readonly event: KafkaEvent;
}

/** Keeps the last deliveries, the oldest first. */
export const createDeliveries = (most: number) => {
  const deliveries: Delivery[] = [];
  return {
    deliveries: deliveries as readonly Delivery[],
    add: (report: BatchReport, invocation: Invoked): void => {
      let event: KafkaEvent | undefined;
      deliveries.push({
        ...report,
        ...invocation,
        get event() {
          event ??= JSON.parse(invocation.eventJson) as KafkaEvent;
          return event;
        },
      });
      if (deliveries.length > most) deliveries.shift();
    },
  };
};
