import { deepStrictEqual, match, ok, throws } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { BundledFunction } from '../../infra/bundled-function.ts';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { environmentBytes } from '../../infra/environment-size.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { stage, templateOf } from '../support/stages.ts';
import { testApp } from '../support/test-app.ts';

/** Measures the variables of each function in a template as JSON, as Lambda does. */
const deployed = (given: object): number[] =>
  Object.values(templateOf(given).findResources('AWS::Lambda::Function'))
    .map(({ Properties }) => Properties.Environment?.Variables)
    .filter((variables) => variables !== undefined)
    .map((variables) => Buffer.byteLength(JSON.stringify(variables)));

const isTaken = (given: object): boolean => {
  try {
    readDeployConfig('test', given);
    return true;
  } catch {
    return false;
  }
};

/** Makes a text of a given length in the form of a certificate: 64 letters a line, as in PEM. */
const pem = (letters: number): string =>
  `-----BEGIN CERTIFICATE-----\n${'A'.repeat(letters).replaceAll(/.{64}/g, '$&\n')}`;

test('a stage is refused if the variables of its largest function have one byte more than 4,096 as they are deployed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ca-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const withCa = async (letters: number): Promise<object> => {
    const file = join(folder, `${letters}.pem`);
    await writeFile(file, pem(letters));
    const given = stage('msk-iam', 'cassandra') as { sink: object };
    return { ...given, sink: { ...given.sink, caFile: relative('.', file) } };
  };
  let letters = 3200;
  while (isTaken(await withCa(letters + 1))) letters += 1;
  const longest = Math.max(...deployed(await withCa(letters)));
  // A further letter is one byte, or three if it begins a line.
  ok(longest <= 4096 && longest > 4096 - 3, `${longest} bytes`);
  match(
    mistakesIn(await withCa(letters + 1))[0] ?? '',
    /^sink\.caFile must be short enough: Lambda takes 4,096 bytes .*as JSON, .* \(given 409[789] bytes, \d+ of them here\)$/,
  );
});

test('a text that is too long for the variables is named by the setting that it stands in', () => {
  const given = stage('msk-iam', 'keyspaces', 'internet', {
    environment: {
      SCHEMA_REGISTRY: 'confluent',
      SCHEMA_REGISTRY_URL: 'https://registry.example.org',
      SCHEMA_REGISTRY_CA: pem(4000),
    },
  });
  match(mistakesIn(given)[0] ?? '', /^environment\.SCHEMA_REGISTRY_CA must be short enough/);
});

test('variables are measured as JSON, and a value that only the deploy knows counts as the longest that it can be', () => {
  deepStrictEqual(environmentBytes({ A: 'a\n"b"' }), Buffer.byteLength('{"A":"a\\n\\"b\\""}'));
  const known = environmentBytes({ A: '' });
  ok(environmentBytes({ A: Aws.REGION }) >= known + 'ap-northeast-1'.length);
  ok(environmentBytes({ A: Aws.URL_SUFFIX }) >= known + 'amazonaws.com.cn'.length);
});

// Only the deploy knows the brokers' addresses of the demo's producer: no guard sees them.
test('no function is made with variables of more than 4,096 bytes, whichever construct makes it', () => {
  const make = (length: number) =>
    new BundledFunction(new Stack(testApp()), 'Function', {
      folder: 'produce',
      description: '',
      memory: 128,
      timeout: Duration.seconds(1),
      environment: { LONG: 'a'.repeat(length) },
      logRetentionDays: 1,
    });
  throws(
    () => make(4096),
    /the variables of the function in functions\/produce are \d+ bytes as JSON: Lambda takes 4,096/,
  );
  make(4000);
});
