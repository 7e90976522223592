import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { inOrder } from '../../tables/several.ts';
import { UserFacingError } from '../../terminal/user-facing-error.ts';
import { mostEnvelopeBytes } from './envelope.ts';
import { type EnvelopeReader, unreadable } from './envelope-candidates.ts';
import { removalFrom } from './removal.ts';
import { settledBatch } from './settled-batch.ts';
import type { Source } from './source.ts';

/** A bucket, or the objects in it whose keys begin alike. */
export interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string | undefined;
  /** True where objects of which nothing is left to be done are removed. */
  readonly removes: boolean;
}

/** The objects that are read at once. */
const mostUnderWay = 8;

/** Opens a bucket with an envelope in each object, as AWS writes them, in the order of the keys. */
export const bucketSource = (
  { bucket, prefix, region, removes }: BucketPlace,
  envelopes: EnvelopeReader,
): Source => {
  const client = new S3Client({
    ...(region !== undefined && { region }),
    // Addresses of other services that speak S3 have no host for each bucket.
    forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined,
  });
  const name = `s3://${bucket}/${prefix}`;

  /** Lists the objects, a page at a time. */
  const pages = async function* () {
    let ContinuationToken: string | undefined;
    do {
      const page = await client
        .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }))
        .catch((error: Error) => {
          throw new UserFacingError(
            `${name} cannot be listed (${error.name}: ${error.message}). It needs s3:ListBucket and s3:GetObject.`,
            { cause: error },
          );
        });
      yield (page.Contents ?? []).flatMap(({ Key, Size = 0 }) =>
        Key === undefined || Key.endsWith('/') ? [] : [{ key: Key, size: Size }],
      );
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  };

  const read = async (key: string): Promise<string> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString('utf8')) ?? '';
  };

  const unread: string[] = [];
  const removal = removalFrom({ place: name, removes }, unread);
  const candidatesOf = async function* (
    key: string,
    text: string | Error | null,
    signal: AbortSignal,
  ) {
    if (text === null) yield unreadable(key, 'it is larger than any envelope');
    else if (text instanceof Error) yield unreadable(key, `it cannot be read (${text.name})`);
    else yield* envelopes.read(key, text, signal);
  };

  return {
    unread,
    end: () => removal.end(),
    async *candidates(signal) {
      for await (const objects of pages()) {
        const texts = inOrder(
          objects.map(
            ({ key, size }) =>
              async function* () {
                signal.throwIfAborted();
                const text =
                  size > mostEnvelopeBytes ? null : await read(key).catch((error: Error) => error);
                yield { key, text };
              },
          ),
          mostUnderWay,
        );
        for await (const { key, text } of texts)
          yield* settledBatch(candidatesOf(key, text, signal), (isFine) => {
            if (isFine)
              removal.remove(key, () =>
                client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
              );
          });
      }
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await envelopes[Symbol.asyncDispose]();
    },
  };
};
