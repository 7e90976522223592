import { type Command, Option } from 'commander';
import { duration } from '../../functions/ingest/pipeline/duration.ts';
import { watermarkOf } from '../../functions/ingest/pipeline/watermark.ts';
import { topicName } from '../kafka/topic-name.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf, operation } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import { rejectedInLastHour } from '../rejected/last-hour.ts';
import { tellUnread } from '../rejected/look.ts';
import { whereText } from '../rejected/places.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { shortTime } from '../terminal/print.ts';
import { count } from '../terminal/words.ts';
import type { Passed } from './passed.ts';
import { isOfFormerTopic, lagOf, type PartitionState, readPartitions } from './read-partitions.ts';

interface PartitionsOptions extends CommonOptions {
  readonly lag?: boolean;
}

/** The command that shows where the consumer group stands. */
export const partitionsCommand = (run: (options: PartitionsOptions) => Promise<void>): Command =>
  operation({
    name: 'partitions',
    does:
      'Shows where the consumer group stands in each partition: the checkpoint and its age, the lag to Kafka’s end, the largest event ' +
      'time, the watermark, and what was rejected in the last hour.',
    examples: ['partitions', 'partitions --lag --json', 'partitions --group user-events-2 --csv'],
    lists: true,
  })
    .addOption(
      new Option('--topic <name>', 'the topic (default: the pipeline’s)').argParser(
        matchingText(topicName),
      ),
    )
    .option('--lag', 'fail with exit code 2 where Kafka cannot be asked for the lag')
    .action(run);

/** Shows where the consumer group stands. */
export const partitions = async (
  { output, openTarget, signal }: Context,
  options: PartitionsOptions,
): Promise<ExitCode> => {
  await using target = await openTarget(options);
  const { settings } = target;
  const states = await readPartitions(target, options.topic, signal);
  const known = states.partitions;
  if (known.length === 0) {
    output.tell(
      `The group ${settings.consumerGroup} has no checkpoint in ${settings.keyspace}.partition_watermarks` +
        `${target.topic === null ? ', so that its topic is not known' : ''}: is it the right group, and has it read anything? (--group, --topic)`,
    );
    for (const sentence of states.unreached) output.tell(sentence);
    return exitCodes.incomplete;
  }
  const look = await rejectedInLastHour(target, known, signal);
  const rejected = new Map<string, { late: number; rejected: number }>();
  for await (const { topic, partition, reason } of look.rows) {
    const counts = rejected.get(`${topic}/${partition}`) ?? { late: 0, rejected: 0 };
    counts[reason === 'late' ? 'late' : 'rejected'] += 1;
    rejected.set(`${topic}/${partition}`, counts);
  }
  const now = Date.now();
  const form = formOf(options);
  const rows = known.map((state) => ({
    ...positionOf(state, settings.outOfOrdernessMs, now),
    ...(rejected.get(`${state.topic}/${state.partition}`) ?? { late: 0, rejected: 0 }),
  }));
  await printListing(output, form === 'table' ? rows.map(forPeople) : rows, {
    form,
    columns: form === 'table' ? peoplesColumns : columns,
    numbers: true,
  });
  for (const { topic, partition } of known.filter(isOfFormerTopic))
    output.tell(
      `${topic}/${partition}: the checkpoint lies beyond Kafka’s end. The topic was made anew; its records are handled from the first on.`,
    );
  for (const { topic, partition, passed } of known)
    if (passed !== undefined && passed.givenUp > 0)
      output.tell(givenUpText(topic, partition, passed));
  for (const sentence of states.unreached) output.tell(sentence);
  if (settings.lateEvents === 'drop')
    output.tell('Late events are not kept (LATE_EVENTS=drop), so that none is counted here.');
  output.tell(`Rejected in the last hour: ${whereText(look.where)}`);
  const hasRejected = tellUnread(output, look.progress) === exitCodes.fine;
  const hasLag = states.unreached.length === 0 || options.lag !== true;
  output.tell(`${count(known.length, 'partition')} of the group ${settings.consumerGroup}.`);
  return hasRejected && hasLag ? exitCodes.fine : exitCodes.incomplete;
};

const givenUpText = (topic: string, partition: number, { to, givenUp }: Passed): string =>
  `${topic}/${partition}: ${count(givenUp, 'record')} behind the checkpoint will not come again, for the group has committed offset ${to}: given up, ` +
  'and not redriven. `verify --on-failure` tells what has become of each.';

const columns = [
  ...['topic', 'partition', 'next_offset', 'end_offset', 'lag', 'max_event_time', 'watermark'],
  ...['updated_at', 'age_seconds', 'late', 'rejected'],
];

/** A row for programs. */
interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: bigint | null;
  readonly end_offset: bigint | null;
  readonly lag: bigint | null;
  readonly max_event_time: Date | null;
  readonly watermark: Date | null;
  readonly updated_at: Date | null;
  readonly age_seconds: number | null;
}

const positionOf = (state: PartitionState, outOfOrdernessMs: number, now: number): Position => {
  const { nextOffset = null, maxEventTime = null, updatedAt = null } = state.checkpoint ?? {};
  return {
    topic: state.topic,
    partition: state.partition,
    next_offset: nextOffset,
    end_offset: state.extent?.end ?? null,
    lag: lagOf(state),
    max_event_time: maxEventTime === null ? null : new Date(maxEventTime),
    watermark: maxEventTime === null ? null : new Date(watermarkOf(maxEventTime, outOfOrdernessMs)),
    updated_at: updatedAt === null ? null : new Date(updatedAt),
    age_seconds: updatedAt === null ? null : Math.max(0, Math.round((now - updatedAt) / 1_000)),
  };
};

const peoplesColumns = [
  ...['partition', 'next', 'lag', 'largest event time', 'watermark', 'age'],
  ...['late', 'rejected'],
];

const forPeople = (
  row: Position & { readonly late: number; readonly rejected: number },
): Record<string, unknown> => ({
  partition: `${row.topic}/${row.partition}`,
  next: row.next_offset ?? 'none',
  lag: row.lag ?? 'unknown',
  'largest event time': timeText(row.max_event_time),
  watermark: timeText(row.watermark),
  age: row.age_seconds === null ? '' : duration(row.age_seconds * 1_000),
  late: row.late,
  rejected: row.rejected,
});

const timeText = (time: Date | null): string => (time === null ? 'none' : shortTime(time));
