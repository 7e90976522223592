import { relative } from 'node:path';
import type { RecordsAt } from '../../kafka/records-at.ts';
import { openRecordsAt } from '../../kafka/records-at.ts';
import type { Target } from '../../target/target.ts';
import { type Finding, openFindings } from '../../verify/findings-file.ts';
import { checkPipeline } from '../../verify/header.ts';
import type { Source } from './source.ts';
import { goneCandidate, recordCandidate } from './topic-record.ts';

/** The kinds of findings that can be mended: of the others nobody knows that anything is wrong. */
const mendable: ReadonlySet<Finding['kind']> = new Set(['missing', 'different', 'kept']);

/** The findings whose records are read together. */
const together = 1_000;

/**
 * Opens the findings of a verification as a source. Their records are read from the topic.
 * @throws {UserFacingError} where the file is none, or of another pipeline, or the topic cannot be read.
 */
export const findingsSource = async (target: Target, file: string): Promise<Source> => {
  const { header, finished, all } = await openFindings(file);
  checkPipeline(header, target, near(file));
  const { topic } = header;
  const records = await openRecordsAt(await target.kafka(), topic);
  const unread = finished
    ? []
    : [`${file}: the verification did not come to its end, so that it has not all findings`];
  return {
    unread,
    end: async () =>
      `${near(file)} stays as it is; \`user-events verify --again ${near(file)}\` looks whether its findings are mended.`,
    async *candidates(signal) {
      let waiting: Finding[] = [];
      for await (const finding of all()) {
        if (!mendable.has(finding.kind)) continue;
        waiting.push(finding);
        if (waiting.length < together) continue;
        yield* read(records, topic, waiting, signal);
        waiting = [];
      }
      yield* read(records, topic, waiting, signal);
    },
    [Symbol.asyncDispose]: () => records[Symbol.asyncDispose](),
  };
};

/** Names a file as the current folder sees it, where it lies within. */
const near = (file: string): string => {
  const path = relative('', file);
  return path.startsWith('..') ? file : path;
};

const read = async function* (
  records: RecordsAt,
  topic: string,
  findings: readonly Finding[],
  signal: AbortSignal,
) {
  for (const [partition, found] of Map.groupBy(findings, (one) => one.partition)) {
    const byOffset = new Map(found.map((one) => [BigInt(one.offset), one]));
    const sorted = [...byOffset.keys()].toSorted((one, other) => (one < other ? -1 : 1));
    for await (const { offset, record } of records.offsets(partition, sorted, signal)) {
      const { kind, why } = byOffset.get(offset) as Finding;
      yield record === null
        ? goneCandidate({ topic, partition, offset }, `${kind}: ${why}`)
        : recordCandidate(record, `${kind}: ${why}`);
    }
  }
};
