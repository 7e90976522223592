import { deepStrictEqual } from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { App } from 'aws-cdk-lib';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';
import { withoutValidation } from './stages.ts';

export interface Bundle {
  /** The folder to be uploaded. */
  readonly asset: string;
  readonly index: string;
  /** The texts of the files beside it, by their names. */
  readonly code: Readonly<Record<string, string>>;
}

export const codeIn = async (path: string): Promise<Record<string, string>> => {
  const names = (await readdir(path)).filter((name) => name.endsWith('.mjs'));
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
};
export const together = ({ code }: Bundle): string => Object.values(code).join('\n');

/**
 * Bundles the functions of a stage into a folder, as a deployment does.
 * @param words the words that identify the functions: each is in one bundle only.
 */
export const bundled = async (
  folder: string,
  given: object,
  words: readonly string[],
): Promise<Map<string, Bundle>> => {
  const outdir = await mkdtemp(join(folder, 'out-'));
  withoutValidation(() => {
    const app = new App({ outdir });
    new UserEventsStack(app, readDeployConfig('example', given));
    app.synth();
  });
  const found = new Map<string, Bundle>();
  const entries = await readdir(outdir, { recursive: true });
  for (const index of entries.filter((name) => basename(name) === 'index.mjs')) {
    const asset = join(outdir, index.split(sep)[0] ?? '');
    const code = await codeIn(join(outdir, dirname(index)));
    const bundle = { asset, index: join(outdir, index), code };
    const word = words.find((one) => together(bundle).includes(one));
    if (word !== undefined) found.set(word, bundle);
  }
  deepStrictEqual([...found.keys()].sort(), words.toSorted());
  return found;
};

/**
 * Gives a bundle's answer to an event, in a process of plain Node, as Lambda loads it.
 * @param remaining the milliseconds that the function has.
 */
export const answer = async (
  { asset, index }: Bundle,
  event: object,
  environment: Readonly<Record<string, string>>,
  remaining = 1_500,
): Promise<unknown> => {
  const script = `
    const { handler } = await import(${JSON.stringify(index)});
    const context = { getRemainingTimeInMillis: () => ${remaining} };
    const answer = await handler(${JSON.stringify(event)}, context).catch((error) => error.message);
    process.send(answer ?? null, () => process.exit());`;
  const file = join(dirname(asset), `run-${randomUUID()}.mjs`);
  await writeFile(file, script);
  const child = fork(file, { env: { PATH: process.env['PATH'], ...environment }, silent: true });
  const answered = once(child, 'message').then(([message]) => message);
  const errors = text(child.stderr as Readable);
  const ended = once(child, 'exit').then(async ([code]) => {
    throw new Error(`the process ended with ${code}: ${await errors}`);
  });
  return Promise.race([answered, ended]);
};
