import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { keyOf } from './protocol.ts';

/** The milliseconds in which the bucket must be connected to: a VPC without a way to S3 drops the packets. */
const connectMs = 5_000;

/** The folder of a run, in which its command reads and writes files. Disposing removes it. */
export interface WorkFolder extends Disposable {
  readonly path: string;
  /** Gets files of the run from the bucket. @throws {UserFacingError} where it does not give them. */
  readonly fetch: (files: readonly string[]) => Promise<void>;
  /**
   * Puts the files that are new or have changed into the bucket, which is not asked where none has.
   * @returns their names.
   * @throws {UserFacingError} where it does not take them.
   */
  readonly save: () => Promise<string[]>;
}

/** Makes the folder of a run, and works in it. */
export const openWorkFolder = (bucket: string, run: string): WorkFolder => {
  const path = mkdtempSync(join(tmpdir(), 'run-'));
  const before = process.cwd();
  process.chdir(path);
  const fetched = new Map<string, string>();
  return {
    path,
    async fetch(files) {
      for (const file of files) {
        await fetchFile(bucket, keyOf(run, file), join(path, file));
        fetched.set(file, await digestOf(join(path, file)));
      }
    },
    async save() {
      const changed: string[] = [];
      for (const entry of readdirSync(path, { withFileTypes: true }))
        if (entry.isFile() && fetched.get(entry.name) !== (await digestOf(join(path, entry.name))))
          changed.push(entry.name);
      for (const file of changed) await putFile(bucket, keyOf(run, file), join(path, file));
      return changed.toSorted();
    },
    [Symbol.dispose]() {
      process.chdir(before);
      rmSync(path, { recursive: true, force: true });
    },
  };
};

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

const fetchFile = (bucket: string, key: string, path: string): Promise<void> =>
  asked(bucket, key, async (client) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(Body as Readable, createWriteStream(path));
  });

const putFile = (bucket: string, key: string, path: string): Promise<void> =>
  asked(bucket, key, async (client) => {
    await client.send(
      new PutObjectCommand({
        ...{ Bucket: bucket, Key: key },
        Body: createReadStream(path),
        ContentLength: statSync(path).size,
      }),
    );
  });

const asked = async (
  bucket: string,
  key: string,
  ask: (client: S3Client) => Promise<void>,
): Promise<void> => {
  const client = new S3Client({ requestHandler: { connectionTimeout: connectMs } });
  try {
    await ask(client);
  } catch (error) {
    const { name, message } = error as Error;
    throw new UserFacingError(
      `The file ${key} of the bucket ${bucket} was not read or written (${name}: ${message}). In a VPC the function needs a way to S3: a gateway ` +
        'endpoint of S3 in the route tables of its subnets, or a NAT gateway.',
      { cause: error },
    );
  } finally {
    client.destroy();
  }
};
