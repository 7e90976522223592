import { randomUUID } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { OnFailureDestination } from '../mapping/on-failure.ts';

/**
 * Makes an on-failure destination that puts each envelope into a bucket. The keys are like those of other event sources, which AWS
 * documents; it does not say Kafka's. `AWS_ENDPOINT_URL` names another S3 than Amazon's.
 */
export const s3Destination = (bucket: string): OnFailureDestination => {
  // An emulator seldom has a name for each bucket.
  const client = new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
  const mapping = randomUUID();
  return async (envelope) => {
    const { timestamp, requestContext } = envelope;
    const [date = '', time = ''] = timestamp.split('T');
    const name = `${time.replaceAll(':', '.')}-${requestContext.requestId}`;
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `aws/lambda/${mapping}/${date.replaceAll('-', '/')}/${name}`,
        Body: JSON.stringify(envelope),
        ContentType: 'application/json',
      }),
    );
  };
};
