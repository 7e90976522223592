import { ok } from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createDecoder } from '../../functions/ingest/avro/create-decoder.ts';
import {
  bundledSchemas,
  createRegistry,
} from '../../functions/ingest/schema-registry/create-registry.ts';
import { guardProcess } from '../../local/servers/watchdog.ts';
import { layout } from '../support/events.ts';
import { checkForeign, type ForeignValue, foreignValues, idOf } from '../support/foreign.ts';
import { type RegistryServer, startRegistryServer } from '../support/registry-server.ts';

// Other encoders register their schemas over HTTP: with the tests' own registry of Confluent's API, and with moto for Glue. The
// function's own clients fetch the schemas from there.

const bin = join(import.meta.dirname, '../../.local/python/bin');
let registry: RegistryServer;
let moto: ChildProcess;
let values: ForeignValue[];

before(async () => {
  ok(
    existsSync(join(bin, 'moto_server')),
    `there is no ${bin}: make it by \`python3 -m venv .local/python\` and \`.local/python/bin/pip install -r test/foreign/requirements.txt\``,
  );
  registry = await startRegistryServer();
  moto = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  guardProcess(moto);
  let glue: string | undefined;
  for await (const line of createInterface({ input: moto.stderr ?? process.stdin })) {
    glue = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (glue !== undefined) break;
  }
  ok(glue !== undefined, 'moto has not said where it listens');
  moto.stderr?.resume();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_GLUE: glue,
  });
  const { stdout } = await promisify(execFile)(join(bin, 'python'), [
    join(import.meta.dirname, 'encode.py'),
    'live',
    registry.url,
    glue,
  ]);
  values = foreignValues(stdout);
});
after(async () => {
  moto?.kill();
  await registry?.[Symbol.asyncDispose]();
});

for (const [wires, kind] of [
  [['id', 'header'], 'confluent'],
  [['glue', 'zlib'], 'glue'],
  [[null], 'none'],
] as const)
  test(`every case of ${wires[0] === null ? 'no wire format' : `wire format ${wires.join(' and ')}`} is read with registry ${kind}`, async () => {
    const wanted = values.filter(({ wire }) => wires.some((one) => one === wire));
    ok(wanted.length > 10);
    const settings = {
      registry: kind,
      registryUrl: registry.url,
      registryAuth: 'none',
      registrySecretArn: null,
      registryCa: null,
    } as const;
    const bundled = Object.fromEntries(
      kind === 'none' ? wanted.map((value) => [idOf(value), value.schema]) : [],
    );
    const decoder = createDecoder(
      { wireFormat: 'auto', registry: kind, layout },
      bundledSchemas(bundled, createRegistry(settings)),
    );
    for (const value of wanted)
      await checkForeign(decoder, value).catch((error: Error) => {
        error.message = `${value.case}, ${value.encoder}: ${error.message}`;
        throw error;
      });
  });
