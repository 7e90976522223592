import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toEventJson } from 'local-kafka-trigger/mapping/kafka-event.ts';
import { toRecordJson } from 'local-kafka-trigger/mapping/record-json.ts';
import { toPartitionBatches } from '../../../../functions/ingest/kafka/to-partition-batches.ts';
import { plain } from '../../../support/records.ts';

test('any bytes that the local trigger sends are read as they were in the topic', () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array)));
  const header = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), bytes);
  fc.assert(
    fc.property(bytes, bytes, fc.array(header, { maxLength: 4 }), (key, value, headers) => {
      const json = toRecordJson({
        topic: 'mytopic',
        partition: 0,
        offset: 15,
        timestamp: 1545084650987,
        timestampType: 'CREATE_TIME',
        key,
        value,
        headers: headers.map(([name, content]) => [Buffer.from(name), content]),
      });
      const event = toEventJson({ kind: 'self-managed', bootstrapServers: 'a:1' }, [
        { identifier: 'mytopic-0', records: [{ json }] },
      ]);
      const [batch] = toPartitionBatches(JSON.parse(event));
      deepStrictEqual(batch && plain(batch.records[0]), {
        topic: 'mytopic',
        partition: 0,
        offset: 15,
        timestamp: 1545084650987,
        key,
        value,
        headers: headers.map(([name, content]) => ({ name, value: content })),
      });
    }),
  );
});
