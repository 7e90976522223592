import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { files, schemaFile } from '../../../events/files.ts';
import { toKafkaEvent } from '../../../events/kafka-event.ts';
import { type Sample, samples } from '../../../events/samples.ts';
import { toPartitionBatches } from '../../../functions/ingest/kafka/to-partition-batches.ts';
import { decoderWith } from '../../support/events.ts';
import { ingestWith } from '../../support/ingest-with.ts';
import { MemoryStores } from '../../support/memory-stores.ts';

const folder = join(import.meta.dirname, '../../../events');

test('the saved events and their list are what `npm run generate` makes by the schema beside them', () => {
  const made = files(JSON.parse(readFileSync(join(folder, schemaFile), 'utf8')));
  for (const [name, text] of made)
    strictEqual(readFileSync(join(folder, name), 'utf8'), text, name);
  const saved = readdirSync(folder).filter((name) => /\.jsonl?$/.test(name));
  deepStrictEqual(saved.sort(), [...made.keys()].filter((name) => name !== 'README.md').sort());
});

for (const [name, sample] of Object.entries(samples))
  test(`events/${name}.json: each record becomes what is written beside it`, async () => {
    const decoder = decoderWith({ wireFormat: 'auto' });
    const ingest = ingestWith(new MemoryStores(), { outOfOrdernessMs: 120_000 }, { decoder });
    const results = await ingest(toPartitionBatches(toKafkaEvent(sample)));
    const outcomes = results.flatMap((result) => result.outcomes);
    deepStrictEqual(
      outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind)),
      sample.records.map(({ becomes }) => becomes),
    );
  });

test('the map bomb of events/poison.json is one: its metadata ends where a block claims 2^40 entries', async () => {
  const event = toKafkaEvent(samples['poison'] as Sample);
  const stores = new MemoryStores();
  await ingestWith(stores)(toPartitionBatches(event));
  const details = [...stores.rejected.values()].map(({ detail }) => detail);
  const bombs = details.filter((detail) => /a block has more entries than bytes/.test(detail));
  strictEqual(bombs.length, 1);
  const [records = []] = Object.values(event.records) as { value?: string }[][];
  const bytes = records.map(({ value = '' }) => Buffer.from(value, 'base64'));
  // The entry a = b, and in place of the end of the map 2^41 in seven bits a byte: twice the number, as Avro writes one.
  const found = bytes.filter((one) =>
    one.includes(Buffer.from('02610262' + '808080808040', 'hex')),
  );
  strictEqual(found.length, 1);
});
