import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { OnFailure as OnFailureSettings } from '../config/on-failure.ts';

/** Where batches go whose retries have ended. */
export class OnFailure {
  /** The destination's settings in a stage. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The bucket that was given. */
  readonly givenBucket: IBucket | undefined;
  /** The queue that was given. */
  readonly givenQueue: IQueue | undefined;

  private constructor(
    settings: object,
    given: { bucket?: IBucket | undefined; queue?: IQueue | undefined } = {},
  ) {
    this.settings = { ...settings };
    this.givenBucket = given.bucket;
    this.givenQueue = given.queue;
  }

  /** Keeps batches with their records in a bucket. @param bucket the pipeline makes one unless it is given. */
  static bucket(bucket?: IBucket): OnFailure {
    return new OnFailure({ kind: 's3' }, { bucket });
  }

  /** Keeps the offsets of batches in a queue, and not the records. @param queue the pipeline makes one unless it is given. */
  static queue(queue?: IQueue): OnFailure {
    return new OnFailure({ kind: 'sqs' }, { queue });
  }

  /** Keeps batches in another topic of the same cluster, which must exist. */
  static topic(topic: string): OnFailure {
    return new OnFailure({ kind: 'topic', topic });
  }

  /** Retries a batch until it succeeds or leaves the topic; `mapping.retryAttempts` must be -1. */
  static none(): OnFailure {
    return new OnFailure({ kind: 'none' });
  }

  /** Takes the destination of a stage as it was read. @internal */
  static fromSettings(settings: OnFailureSettings): OnFailure {
    return new OnFailure(settings);
  }
}
