import { ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createDecoder } from '../../functions/ingest/avro/create-decoder.ts';
import {
  bundledSchemas,
  createRegistry,
} from '../../functions/ingest/schema-registry/create-registry.ts';
import { layout } from '../support/events.ts';
import { checkForeign, type ForeignValue, foreignValues, idOf } from '../support/foreign.ts';
import { type Moto, pythonBin, startMoto } from '../support/moto.ts';
import { type RegistryServer, startRegistryServer } from '../support/registry-server.ts';

// Other encoders register their schemas over HTTP: with the tests' own registry of Confluent's API, and with moto for Glue. The
// function's own clients fetch the schemas from there.

let registry: RegistryServer;
let moto: Moto;
let values: ForeignValue[];

before(async () => {
  moto = await startMoto();
  process.env['AWS_ENDPOINT_URL_GLUE'] = moto.url;
  registry = await startRegistryServer();
  const { stdout } = await promisify(execFile)(join(pythonBin, 'python'), [
    join(import.meta.dirname, 'encode.py'),
    'live',
    registry.url,
    moto.url,
  ]);
  values = foreignValues(stdout);
});
after(async () => {
  await moto?.[Symbol.asyncDispose]();
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
