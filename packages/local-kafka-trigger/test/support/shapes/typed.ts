import type { KafkaEvent } from '../../../src/mapping/kafka-event.ts';

/** A handler in TypeScript. It ends its process for a record that it cannot take. */
export const handler = async ({ records }: KafkaEvent): Promise<void> => {
  for (const { value = '' } of Object.values(records).flat())
    if (atob(value) === 'bad') process.exit(1);
};
