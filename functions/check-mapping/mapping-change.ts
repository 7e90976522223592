import { createHash } from 'node:crypto';

/** The settings of an event source mapping that AWS cannot update, as CloudFormation sends them: all of them are text. */
export interface FixedSettings {
  readonly Topic: string;
  readonly ConsumerGroup: string;
  /** The stage's starting position: `trim-horizon`, `latest`, or `at-timestamp` with the time after a space. */
  readonly StartingPosition: string;
  /** The cluster's ARN, or the bootstrap servers. */
  readonly Source: string;
  /** The stage's `mapping.generation`: another number means another mapping. */
  readonly Generation: string;
}

/** The error of a change that AWS cannot make, and that CloudFormation would report as done. */
class MappingChangeError extends Error {
  override readonly name = 'MappingChangeError';
}

/**
 * Names a mapping by its settings. The name is the physical id of the resource `Custom::KafkaMappingCheck`. CloudFormation keeps
 * it and sends it with the next deploy, and in a rollback, so that it tells the last accepted settings.
 */
export const mappingName = (settings: FixedSettings): string => {
  const { Topic, ConsumerGroup, StartingPosition, Source } = settings;
  const digest = createHash('sha256')
    .update(JSON.stringify([Topic, ConsumerGroup, StartingPosition, Source]))
    .digest('hex')
    .slice(0, 32);
  return `${generationPrefix(settings)}${digest}`;
};

const generationPrefix = ({ Generation }: FixedSettings): string => `mapping-${Generation}-`;

/**
 * Checks a change of a mapping's settings.
 * @param accepted the name of the last accepted settings.
 * @param before the settings before this change; in a rollback, the settings that are taken back.
 * @param wanted the settings of this change.
 * @throws {MappingChangeError} where the existing mapping would stay unchanged. A rollback never gets it: its settings were
 * accepted before under the same name, or belong to another generation or source.
 */
export const checkChange = (
  accepted: string,
  before: FixedSettings,
  wanted: FixedSettings,
): void => {
  if (mappingName(wanted) === accepted) return;
  if (!accepted.startsWith(generationPrefix(wanted))) return;
  // CloudFormation replaces the mapping by itself where the source changes.
  if (wanted.Source !== before.Source) return;
  const changes = Object.entries(stageNames)
    .map(([key, name]) => ({ name, from: before[key as Fixed], to: wanted[key as Fixed] }))
    .filter(({ from, to }) => from !== to)
    .map(({ name, from, to }) => `${name} (${from} → ${to})`);
  throw new MappingChangeError(
    `the event source mapping cannot be changed in ${changes.join(' and ')}: AWS has no update for it, and CloudFormation ` +
      'would report one. Nothing was changed. Either set it back, or have a new mapping made: ' +
      (wanted.Topic === before.Topic ? sameTopic : otherTopic(before.Topic)) +
      `set mapping.generation to ${Number(wanted.Generation) + 1}, and deploy. ` +
      'See "What AWS cannot update" in docs/deploy.md.',
  );
};

type Fixed = 'Topic' | 'ConsumerGroup' | 'StartingPosition';

/** The stage's settings, by CloudFormation's names. */
const stageNames: Readonly<Record<Fixed, string>> = {
  Topic: 'topic',
  ConsumerGroup: 'consumerGroup',
  StartingPosition: 'mapping.startingPosition',
};

const sameTopic =
  'AWS takes no second mapping of the same function, brokers and topic, so first delete the one that is there ' +
  '(aws lambda delete-event-source-mapping --uuid <the stack’s output MappingId>) and wait until it is gone; then ';

const otherTopic = (topic: string): string =>
  `the old mapping is deleted then, and what it has not read of ${topic} is not read any more, so wait until its ` +
  'lag is 0; then ';
