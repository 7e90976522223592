import type { OnFailureDestination } from '../mapping/on-failure.ts';
import { TriggerError } from '../trigger-error.ts';
import { folderDestination } from './folder.ts';

/**
 * Opens an on-failure destination: `s3://bucket` or the bucket's ARN, a queue's ARN or URL, or else a folder.
 * @throws {TriggerError} for a destination that AWS has and this package does not.
 */
export const openDestination = async (where: string): Promise<OnFailureDestination> => {
  const [, bucket] = /^(?:s3:\/\/|arn:[^:]+:s3:::)([^/]+)\/?$/.exec(where) ?? [];
  // The SDK is loaded by who needs it alone: it takes longer than all else.
  if (bucket !== undefined) return (await import('./s3.ts')).s3Destination(bucket);
  if (/^(?:arn:[^:]+:sqs:|https?:\/\/)/.test(where))
    return (await import('./sqs.ts')).sqsDestination(where);
  if (/^(?:arn:|kafka:|[a-z0-9]+:\/\/)/.test(where))
    throw new TriggerError(
      `The on-failure destination ${where} is not emulated. Name a folder, s3://bucket, or a queue of SQS.`,
    );
  return folderDestination(where);
};
