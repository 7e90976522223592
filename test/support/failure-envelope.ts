import { failureEnvelope } from 'local-kafka-trigger/mapping/on-failure.ts';
import { toRecordJson } from 'local-kafka-trigger/mapping/record-json.ts';

const source = { kind: 'self-managed', bootstrapServers: 'broker:9092' } as const;

/** Makes the envelope, as a bucket has it, of records of one partition that were given up. */
export const envelopeOf = (
  records: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly value: Buffer | null;
  }[],
) =>
  failureEnvelope(
    { source, functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:ingest' },
    {
      condition: 'RetryAttemptsExhausted',
      parts: [
        {
          identifier: `${records[0]?.topic}-${records[0]?.partition}`,
          records: records.map((record) => ({
            offset: record.offset,
            timestamp: Date.now(),
            json: toRecordJson({
              ...record,
              timestamp: Date.now(),
              timestampType: 'CREATE_TIME',
              key: null,
              headers: [],
            }),
          })),
        },
      ],
      invocations: 3,
      result: undefined,
    },
  );
