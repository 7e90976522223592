import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { toPartitionBatches } from '../../functions/ingest/kafka/to-partition-batches.ts';
import { NotAKafkaEventError } from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { readSavedFile } from '../read-event.ts';

/**
 * Reads the records of a saved Kafka event, by partition. Any other file is one record, whose value is the file's bytes.
 * @throws {UserFacingError} where the file cannot be read, or is neither an event nor a value.
 */
export const readRecordsFile = async (path: string): Promise<(readonly KafkaRecord[])[]> => {
  const saved = await readSavedFile(path);
  if (saved.kind === 'value') {
    const record = { topic: path, partition: 0, offset: 0, timestamp: Date.now() };
    return [[{ ...record, key: null, value: saved.bytes, headers: [] }]];
  }
  try {
    return toPartitionBatches(saved.event).map(({ records }) => records);
  } catch (error) {
    if (error instanceof NotAKafkaEventError)
      throw new UserFacingError(`${path}: ${error.message}`);
    throw error;
  }
};
