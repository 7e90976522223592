import { ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';

/** The programs of the Python environment that test/foreign uses. */
export const pythonBin = join(import.meta.dirname, '../../.local/python/bin');

/** moto, which answers AWS's APIs on this machine. Disposing of it ends it. */
export interface Moto extends AsyncDisposable {
  readonly url: string;
}

/** Starts moto, and gives AWS's SDKs a region and credentials, which moto does not look at. */
export const startMoto = async (): Promise<Moto> => {
  ok(
    existsSync(join(pythonBin, 'moto_server')),
    `there is no ${pythonBin}: make it by \`python3 -m venv .local/python\` and \`.local/python/bin/pip install -r test/foreign/requirements.txt\``,
  );
  const moto = spawn(join(pythonBin, 'moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  guardProcess(moto);
  let url: string | undefined;
  for await (const line of createInterface({ input: moto.stderr })) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined) break;
  }
  ok(url !== undefined, 'moto has not said where it listens');
  moto.stderr.resume();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(moto, 'exit');
      moto.kill();
      await ended;
    },
  };
};
