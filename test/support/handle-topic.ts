import { toEventJson } from 'local-kafka-trigger/mapping/kafka-event.ts';
import { toRecordJson } from 'local-kafka-trigger/mapping/record-json.ts';
import { readTopic } from '../../cli/kafka/read-topic.ts';
import { createHandler } from '../../functions/ingest/create-handler.ts';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import { withLogLines } from '../../local/log-lines.ts';
import type { TestKeyspace } from './keyspace.ts';

/** Hands all records of a topic to the function in one event; returns what became of them. */
export const handleTopic = async (
  topic: { readonly name: string; readonly bootstrapServers: readonly string[] },
  { environment }: Pick<TestKeyspace, 'environment'>,
): Promise<readonly PartitionResult[]> => {
  const { bootstrapServers, name } = topic;
  const partitions = await readTopic({ bootstrapServers }, name, 1_000_000);
  const parts = partitions.map((records) => ({
    identifier: `${name}-${records[0]?.partition}`,
    records: records.map((record) => ({
      json: toRecordJson({
        ...record,
        timestampType: 'CREATE_TIME',
        headers: record.headers.map(({ name: header, value }) => [Buffer.from(header), value]),
      }),
    })),
  }));
  let results: readonly PartitionResult[] = [];
  const ingest = createHandler(environment, {
    onResults: (found) => {
      results = found;
    },
  });
  const event: unknown = JSON.parse(
    toEventJson({ kind: 'self-managed', bootstrapServers: bootstrapServers.join(',') }, parts),
  );
  try {
    const context = { getRemainingTimeInMillis: () => 60_000 };
    await withLogLines(
      () => {},
      async () => ingest.handler(event, context as never),
    );
  } finally {
    await ingest.close();
  }
  return results;
};
