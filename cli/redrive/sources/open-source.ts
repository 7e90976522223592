import type { Context } from '../../operate/context.ts';
import type { Target } from '../../target/target.ts';
import type { Plan } from '../plan.ts';
import { bucketSource } from './bucket-source.ts';
import { envelopeReader } from './envelope-candidates.ts';
import { findingsSource } from './findings-source.ts';
import { folderSource } from './folder-source.ts';
import { queueSource } from './queue-source.ts';
import { rejectedSource } from './rejected-source.ts';
import type { Source } from './source.ts';
import { deadLetterSource, failedTopicSource } from './topic-source.ts';

/**
 * Opens the source of a plan.
 * @param mayDelete true where messages of a queue are deleted, and other batches may be removed, once their records are done.
 * @throws {UserFacingError} where it cannot be read.
 */
export const openSource = async (
  context: Pick<Context, 'output'>,
  target: Target,
  { source, remove }: Pick<Plan, 'source' | 'remove'>,
  mayDelete: boolean,
): Promise<Source> => {
  const envelopes = () => envelopeReader(target.topic, () => target.kafka());
  const region = target.stack?.region;
  switch (source.kind) {
    case 'rejected': {
      const { offsets, ...filter } = source.filter;
      return rejectedSource(context, target, {
        filter: {
          ...filter,
          ...(offsets && { offsets: { from: BigInt(offsets.from), to: BigInt(offsets.to) } }),
        },
        all: source.all,
        daysBefore: source.daysBefore,
      });
    }
    case 'findings':
      return findingsSource(target, source.file);
    case 'folder':
      return folderSource({ ...source, removes: mayDelete && remove }, envelopes());
    case 'bucket':
      return bucketSource({ ...source, region, removes: mayDelete && remove }, envelopes());
    case 'queue':
      return queueSource({ ...source, region, deletes: mayDelete }, envelopes());
    case 'topic':
      return failedTopicSource(target, source.topic, envelopes());
    case 'dead letters':
      return deadLetterSource(target, source.topic);
  }
};
