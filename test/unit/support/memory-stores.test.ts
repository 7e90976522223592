import type { Rejection } from '../../../functions/ingest/event/rejection.ts';
import { at } from '../../../functions/ingest/pipeline/kafka-record.ts';
import { MemoryStores } from '../../support/memory-stores.ts';
import { type Kept, testStores } from '../../support/stores-contract.ts';

testStores(() => {
  const stores = new MemoryStores();
  return {
    stores,
    userEvents: async (userId) =>
      [...stores.userEvents.values()]
        .filter((event) => event.get('user_id') === userId)
        .sort((a, b) => b.eventTime - a.eventTime)
        .map((event) => event.toObject()),
    rejected: async (topic) =>
      [...stores.rejectedRecords.values()]
        .filter((record) => record.topic === topic)
        .map((record): Kept => ({ ...(stores.rejected.get(at(record)) as Rejection), record })),
  };
});
