import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { isFileName, keyOf } from '../../functions/operate/protocol.ts';
import { askAws } from './ask-aws.ts';

/** The files of a run in the bucket of the stage. */
export interface RunFiles {
  /** Puts those files of this machine into the bucket that are there. @returns their names. */
  readonly upload: (files: ReadonlyMap<string, string>) => Promise<string[]>;
  /** Gets a file of the run into one of this machine. */
  readonly download: (name: string, path: string) => Promise<void>;
  /** Reads a file of the run. */
  readonly read: (name: string) => Promise<string>;
}

/** Reaches the files of a run. */
export const runFiles = (region: string, bucket: string, run: string): RunFiles => {
  const asked = <T>(action: string, name: string, ask: (s3: S3Client) => Promise<T>): Promise<T> =>
    askAws({ what: `the file ${name} of the bucket ${bucket}`, action }, async () => {
      const s3 = new S3Client({ region });
      return ask(s3).finally(() => s3.destroy());
    });
  const body = (name: string, use: (stream: Readable) => Promise<void>): Promise<void> =>
    asked('s3:GetObject', name, async (s3) => {
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: keyOf(run, name) }),
      );
      await use(Body as Readable);
    });
  return {
    async upload(files) {
      const there = [...files].filter(([, path]) => existsSync(path));
      for (const [name, path] of there)
        await asked('s3:PutObject', name, (s3) =>
          s3.send(
            new PutObjectCommand({
              ...{ Bucket: bucket, Key: keyOf(run, name) },
              Body: createReadStream(path),
              ContentLength: statSync(path).size,
            }),
          ),
        );
      return there.map(([name]) => name);
    },
    download: (name, path) => body(name, (stream) => pipeline(stream, createWriteStream(path))),
    async read(name) {
      let found = '';
      await body(name, async (stream) => {
        found = await text(stream);
      });
      return found;
    },
  };
};

/** Finds where a file of the function lies on this machine: where the command line says, or beside the file that it belongs to. */
export const pathOf = (name: string, files: ReadonlyMap<string, string>): string => {
  if (!isFileName(name)) throw new Error(`${JSON.stringify(name)} is no name of a file`);
  const [, path] =
    [...files].find(([known]) => name === known || name.startsWith(`${known}.`)) ?? [];
  if (path === undefined) return name;
  return files.get(name) ?? join(dirname(path), name);
};
