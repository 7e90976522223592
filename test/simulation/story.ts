import { at } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { ScriptedClock } from './clock.ts';
import { createPlan, type Fault, type Plan } from './plan.ts';
import { run } from './run.ts';
import { shrink } from './shrink.ts';
import { asTime, type StreamRecord } from './stream.ts';

/** Tells a schedule to people: the plan, each step in the order of time, and the problems. */
export const story = async (plan: Plan, clock: ScriptedClock): Promise<string> => {
  const { problems, lines } = await run(plan, clock, true);
  return [
    `Seed ${plan.seed} (${plan.kind})`,
    `Settings: ${Object.entries(plan.settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `Batches in turn: ${plan.cuts.map(({ partitions, records }) => `${records} records of ${partitions}`).join(', ')}`,
    'Records:',
    ...plan.generations.flatMap((partitions, generation) =>
      partitions.flatMap((records) =>
        records.map((record) => `  ${generation > 0 ? 'anew: ' : ''}${recordInWords(record)}`),
      ),
    ),
    'Faults:',
    ...plan.faults.map((fault) => `  ${faultInWords(fault)}`),
    'Schedule:',
    ...lines,
    problems.length === 0 ? 'All is as it must be.' : 'Wrong:',
    ...problems.map(({ kind, text }) => `  ${kind}: ${text}`),
  ].join('\n');
};

/** Tells the smallest schedule that goes wrong in the same way as that of the seed. */
export const smallestStory = async (seed: number, clock: ScriptedClock): Promise<string> => {
  const plan = createPlan(seed);
  const wrong = async (candidate: Plan): Promise<string | undefined> =>
    (await run(candidate, clock)).problems[0]?.kind;
  const kind = await wrong(plan);
  const smallest = await shrink(plan, async (candidate) => (await wrong(candidate)) === kind);
  return `${await story(smallest, clock)}\n\nThe whole of it: npm run simulate -- --seed ${seed}`;
};

const recordInWords = ({ record, content, tooLarge }: StreamRecord): string => {
  const what =
    content.kind === 'broken'
      ? content.reason
      : `${content.event.eventType} of user …${content.event.userId.slice(-5)} at ${asTime(content.event.eventTime)}`;
  const sent = record.timestamp === -1 ? 'no timestamp' : `sent ${asTime(record.timestamp)}`;
  return `${at(record)}: ${what}, ${sent}${tooLarge === 'no' ? '' : `, too large (${tooLarge})`}`;
};

const faultInWords = ({ on, nth, kind, ms, times }: Fault): string =>
  `${on} ${nth}${times > 1 ? `, ${times} times` : ''}: ${kind}, ${ms} ms`;
