import { readFile } from 'node:fs/promises';
import { toPartitionBatches } from '../../functions/ingest/kafka/to-partition-batches.ts';
import { NotAKafkaEventError } from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { LocalError } from '../local-error.ts';

/**
 * The records of a saved Kafka event, by partition; of any other file one record, whose value is the file's bytes.
 * @throws {LocalError} where it cannot be read.
 */
export const readRecordsFile = async (path: string): Promise<(readonly KafkaRecord[])[]> => {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new LocalError(`${path} cannot be read (${error.code}).`);
  });
  let event: unknown;
  try {
    event = JSON.parse(bytes.toString());
  } catch {
    const record = { topic: path, partition: 0, offset: 0, timestamp: Date.now() };
    return [[{ ...record, key: null, value: bytes, headers: [] }]];
  }
  try {
    return toPartitionBatches(event).map(({ records }) => records);
  } catch (error) {
    if (error instanceof NotAKafkaEventError) throw new LocalError(`${path}: ${error.message}`);
    throw error;
  }
};
