import { toKafkaEvent } from './kafka-event.ts';
import { readme } from './readme.ts';
import { samples } from './samples.ts';

/** The files that are made from the samples: name and text. */
export const files = (): Map<string, string> =>
  new Map([
    ...Object.entries(samples).map(([name, sample]): [string, string] => [
      `${name}.json`,
      `${JSON.stringify(toKafkaEvent(sample), null, 2)}\n`,
    ]),
    ['README.md', readme(samples)],
  ]);
