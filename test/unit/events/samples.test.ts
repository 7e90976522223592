import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { files } from '../../../events/files.ts';
import { samples } from '../../../events/samples.ts';
import { toRecords } from '../../../functions/ingest/kafka/to-records.ts';
import { ingestWith } from '../../support/ingest-with.ts';
import { MemoryStores } from '../../support/memory-stores.ts';

const folder = join(import.meta.dirname, '../../../events');

test('the saved events and their list are what `npm run events` makes', () => {
  for (const [name, text] of files())
    strictEqual(readFileSync(join(folder, name), 'utf8'), text, name);
  const saved = readdirSync(folder).filter((name) => name.endsWith('.json'));
  deepStrictEqual(saved.sort(), [...files().keys()].filter((name) => name !== 'README.md').sort());
});

for (const [name, sample] of Object.entries(samples))
  test(`events/${name}.json: each record becomes what is written beside it`, async () => {
    const event = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    const ingest = ingestWith(new MemoryStores(), { outOfOrdernessMs: 120_000 });
    const results = await ingest(toRecords(event));
    const outcomes = results.flatMap((result) => result.outcomes);
    deepStrictEqual(
      outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind)),
      sample.records.map(({ becomes }) => becomes),
    );
  });
