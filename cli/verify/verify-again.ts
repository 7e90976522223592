import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { openRecordsAt, type RecordsAt } from '../kafka/records-at.ts';
import type { Target } from '../target/target.ts';
import { whys } from './decide.ts';
import type { Finding, Findings } from './findings-file.ts';
import type { Item } from './judge.ts';
import { ofKnown } from './maximum.ts';
import { countFinding, settle } from './settle.ts';
import { learnSchemas, readingOf, type TakenEvent } from './take.ts';
import type { Work } from './work.ts';

/** The findings that are looked at together. */
const together = 1_000;

/**
 * Looks again at the records of some findings, and at no others: what is known of the maximum stands in the findings.
 * @param onProgress learns how many are done.
 */
export const verifyAgain = async (
  work: Work,
  target: Target,
  { header, all }: Findings,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<void> => {
  await using records = await openRecordsAt(await target.kafka(), header.topic);
  let waiting: Finding[] = [];
  let done = 0;
  const flush = async (): Promise<void> => {
    for (const [partition, findings] of Map.groupBy(waiting, (one) => one.partition))
      await lookAgain(work, records, partition, findings, signal);
    done += waiting.length;
    waiting = [];
    onProgress(done);
  };
  for await (const finding of all()) {
    waiting.push(finding);
    if (waiting.length >= together) await flush();
  }
  await flush();
};

const lookAgain = async (
  work: Work,
  records: RecordsAt,
  partition: number,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<void> => {
  const byOffset = new Map(findings.map((finding) => [BigInt(finding.offset), finding]));
  const sorted = [...byOffset.keys()].toSorted((one, other) => (one < other ? -1 : 1));
  const found: { readonly record: KafkaRecord; readonly finding: Finding }[] = [];
  const gone: Finding[] = [];
  for await (const { offset, record } of records.offsets(partition, sorted, signal)) {
    const finding = byOffset.get(offset) as Finding;
    if (record === null)
      gone.push({ ...withoutDetail(finding), kind: 'cannot tell', why: whys.gone });
    else found.push({ record, finding });
  }
  await learnSchemas(work, [{ records: found.map(({ record }) => ({ record, goneBefore: 0 })) }]);
  const events: TakenEvent[] = [];
  const items = found.map(({ record, finding }): Item => {
    const reading = readingOf(work.reader, record);
    const maximum = ofKnown(finding.maximum);
    if (reading.kind === 'event') events.push({ record, event: reading.event, maximum });
    return { record, reading, maximum };
  });
  work.counts.add('read', items.length);
  for (const finding of gone) countFinding(work, finding);
  await work.writer.write([...gone, ...settle(work, await work.judge(items), events)]);
};

const withoutDetail = ({ detail: _, ...finding }: Finding): Finding => finding;
