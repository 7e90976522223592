import { createHash } from 'node:crypto';

/** The settings of an event source mapping that AWS has no update for, as CloudFormation tells them: all of them text. */
export interface FixedSettings {
  readonly Topic: string;
  readonly ConsumerGroup: string;
  /** As the stage says it: `trim-horizon`, `latest`, or `at-timestamp` with the time after a space. */
  readonly StartingPosition: string;
  /** The cluster's ARN, or the bootstrap servers. */
  readonly Source: string;
  /** The stage's `mapping.generation`: another number is another mapping. */
  readonly Generation: string;
}

/** A deploy changes what AWS cannot change, and CloudFormation would report it done. */
class MappingChangeError extends Error {
  override readonly name = 'MappingChangeError';
}

/**
 * Names a mapping by its settings: the physical id of the resource `Custom::KafkaMappingCheck`. CloudFormation keeps it and
 * hands it back at the next deploy, and in a rollback, so that it says which settings were accepted last.
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
 * Decides whether a mapping that was made from some settings can come to have others.
 * @param accepted the name that the last accepted settings gave.
 * @param before the settings before this change; in a rollback those that are taken back.
 * @param wanted the settings that are asked for now.
 * @throws {MappingChangeError} where the mapping that is there would stay as it is. A rollback never gets it: what it asks for
 * was accepted before, under the same name, or is another generation or source.
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
      'See "What AWS cannot update" in docs/operations.md.',
  );
};

type Fixed = 'Topic' | 'ConsumerGroup' | 'StartingPosition';

/** The stage's settings by CloudFormation's names. */
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
