import { isDeepStrictEqual } from 'node:util';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { committedOffsets } from '../kafka/committed-offsets.ts';
import { withAdmin } from '../kafka/with-admin.ts';
import { readCheckpoints } from '../tables/checkpoints.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import type { Header, JudgedBy } from './findings-file.ts';
import { rangesOf } from './ranges.ts';

/** What a verification is asked to look at. Times are in milliseconds. */
export interface Asked {
  readonly topic: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly sample: number;
  readonly settingsSince: number | null;
}

/** Takes the settings by which records are judged from those of the function. */
const judgedBy = (settings: Settings): JudgedBy => ({
  outOfOrdernessMs: settings.outOfOrdernessMs,
  latenessRule: settings.latenessRule,
  lateEvents: settings.lateEvents,
  maxFutureMs: settings.maxFutureMs,
  earliestEventTime: settings.earliestEventTime,
  latestEventTime: settings.latestEventTime,
  bucket: settings.bucket,
  eventIdInKey: settings.eventIdInKey,
  rejectedTtlSeconds: settings.rejectedTtlSeconds,
  wireFormat: settings.wireFormat,
});

/**
 * Makes the header of a verification: which offsets are looked at, and how far the group has come by now.
 * @throws {UserFacingError} where the group has no checkpoint of the topic.
 */
export const headerOf = async (
  target: Target,
  asked: Asked,
  signal: AbortSignal,
): Promise<Header> => {
  const { settings } = target;
  const { keyspace, consumerGroup: group } = settings;
  const { topic } = asked;
  const connection = await target.kafka();
  const client = await target.cassandra();
  // The function writes the checkpoint first: asked for in this order, an offset that was committed beyond it is of records given up.
  const committed = await withAdmin(connection, (admin) => committedOffsets(admin, group, topic));
  const checkpoints = await readCheckpoints(client, keyspace, { group, topic }, signal);
  if (checkpoints.length === 0)
    throw new UserFacingError(
      `The group ${group} has no checkpoint of topic ${topic} in ${keyspace}.partition_watermarks, so that nothing is known to be handled. ` +
        'Is it the group and the topic (--group, --topic), and has it read anything?',
    );
  return {
    type: 'verify',
    version: 1,
    topic,
    group,
    keyspace,
    target: target.name,
    began: new Date().toISOString(),
    from: asked.from,
    to: asked.to,
    sample: asked.sample,
    settingsSince: asked.settingsSince,
    settings: judgedBy(settings),
    partitions: await rangesOf(connection, topic, asked, { checkpoints, committed }, settings),
  };
};

/** Checks that a findings file is of a pipeline. @throws {UserFacingError} where it is of another one. */
export const checkPipeline = (header: Header, { settings, topic }: Target, file: string): void => {
  const { keyspace, consumerGroup: group } = settings;
  const here = { keyspace, group, topic: topic ?? header.topic };
  for (const [name, value] of Object.entries(here))
    if (header[name as keyof typeof here] !== value)
      throw new UserFacingError(
        `${file} is about the ${name} ${header[name as keyof typeof here]}, and not ${value}: name the pipeline that it is about.`,
      );
};

/**
 * Checks that a findings file is of a pipeline as it is by now.
 * @throws {UserFacingError} where it is of another one, or of other settings.
 */
export const checkHeader = (header: Header, target: Target, file: string): void => {
  checkPipeline(header, target, file);
  const { settings } = target;
  if (!isDeepStrictEqual(header.settings, judgedBy(settings)))
    throw new UserFacingError(
      `${file} was begun under other settings than the pipeline has by now: verify anew.`,
    );
};
