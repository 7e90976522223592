import { resolve } from 'node:path';
import type { Target } from '../../target/target.ts';
import { UserFacingError } from '../../terminal/user-facing-error.ts';

/** Where an on-failure destination keeps what was given up. */
export type FailedPlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'bucket'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'queue'; readonly url: string }
  | { readonly kind: 'topic'; readonly topic: string };

const topicName = /^kafka:\/\/([A-Za-z0-9._-]{1,249})$/;
const bucketName = /^s3:\/\/([a-z0-9.-]{3,63})(?:\/(.*))?$/;

/** Reads the name of an on-failure destination, as a person gives it. @throws {UserFacingError} for another text. */
const readFailedPlace = (text: string): FailedPlace => {
  const topic = topicName.exec(text)?.[1];
  if (topic !== undefined) return { kind: 'topic', topic };
  const [, bucket, prefix = ''] = bucketName.exec(text) ?? [];
  if (bucket !== undefined) return { kind: 'bucket', bucket, prefix };
  if (/^https?:\/\//.test(text)) return { kind: 'queue', url: text };
  if (/^\w+:\/\//.test(text))
    throw new UserFacingError(
      `An on-failure destination is a folder, s3://<bucket>/<prefix>, the https:// address of a queue, or kafka://<topic> (given "${text}").`,
    );
  return { kind: 'folder', folder: text };
};

/** Reads the on-failure destination that a stack names in its outputs: a bucket stands there by its name alone. */
const failedPlaceOfStack = (name: string): FailedPlace =>
  /^\w+:\/\//.test(name) ? readFailedPlace(name) : { kind: 'bucket', bucket: name, prefix: '' };

/**
 * Finds the on-failure destination that an option names: by its value, or as the one of the pipeline's stack.
 * @param option how messages name the option: `--from-failed`.
 * @throws {UserFacingError} where it names none.
 */
export const failedPlaceOf = (
  given: string | true,
  target: Target,
  option: string,
): FailedPlace => {
  if (given !== true) {
    const place = readFailedPlace(given);
    return place.kind === 'folder' ? { ...place, folder: resolve(place.folder) } : place;
  }
  if (target.onFailureFolder !== null) return { kind: 'folder', folder: target.onFailureFolder };
  const named = target.stack?.onFailure ?? null;
  if (named !== null) return failedPlaceOfStack(named);
  throw new UserFacingError(
    `${target.name} names no on-failure destination: name it by ${option} <place>, a folder, s3://<bucket>/<prefix>, the address ` +
      'of a queue or kafka://<topic>.',
  );
};
