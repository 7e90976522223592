import type { Line } from './findings-file.ts';
import { countFinding, explain } from './settle.ts';
import { learnSchemas, readingOf } from './take.ts';
import type { Work } from './work.ts';

/**
 * Reads the topic once more for the records that explain the open ones, up to its end as it is by now; nothing is looked up. What stays
 * open is a finding.
 */
export const searchForOthers = async (
  work: Work,
  onProgress: (done: number) => void,
): Promise<void> => {
  const { header, topic, open, writer } = work;
  if (open.size > 0) {
    let done = 0;
    for await (const rounds of topic.read(
      new Map(header.partitions.map(({ partition, leadIn }) => [partition, leadIn])),
      await topic.ends(),
    )) {
      await learnSchemas(work, rounds);
      const lines = rounds
        .flatMap(({ records }) => records)
        .flatMap(({ record }): Line[] => {
          const reading = readingOf(work.reader, record);
          // The event explains a row by having its values: whether it was late is not known here.
          return reading.kind === 'event' ? explain(work, record, reading.event, () => true) : [];
        });
      await writer.write(lines);
      done += rounds.reduce((sum, { records }) => sum + records.length, 0);
      onProgress(done);
      if (open.size === 0) break;
    }
  }
  const findings = [...open.all()].map(({ finding }) => finding);
  for (const finding of findings) countFinding(work, finding);
  await writer.write(findings);
};
