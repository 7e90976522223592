import { avroWriter } from '../schema/avro-bytes.ts';
import published from '../schema/user-event.avsc.json' with { type: 'json' };
import { toKafkaEvent } from './kafka-event.ts';
import { readme } from './readme.ts';
import { sampleLines } from './sample-lines.ts';
import { samples } from './samples.ts';

/** The name of the file with the schema of the saved events. */
export const schemaFile = 'user-event.avsc.json';

/** Makes the files of the samples in a schema: their texts, by file name. */
export const files = (schema: object = published): Map<string, string> => {
  const writer = avroWriter(schema);
  return new Map([
    ...Object.entries(samples).map(([name, sample]): [string, string] => [
      `${name}.json`,
      `${JSON.stringify(toKafkaEvent(sample, writer), null, 2)}\n`,
    ]),
    [schemaFile, `${JSON.stringify(schema, null, 2)}\n`],
    ['sample.jsonl', sampleLines()],
    ['README.md', readme(samples)],
  ]);
};
