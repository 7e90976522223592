import { deepStrictEqual, rejects } from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ThrottledError } from '../../../../functions/ingest/pipeline/errors.ts';
import { glueRegistry } from '../../../../functions/ingest/schema-registry/glue-registry.ts';
import { type AwsAnswer, startAwsService } from '../../../support/aws-service.ts';

const version = '01234567-89ab-4cde-8f01-23456789abcd';
let answer: AwsAnswer;
let service: Awaited<ReturnType<typeof startAwsService>>;
before(async () => {
  service = await startAwsService(() => answer);
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_GLUE: service.endpoint,
  });
});
after(() => service[Symbol.asyncDispose]());

const fetch = (given: AwsAnswer, id: string | number = version) => {
  answer = given;
  return glueRegistry().fetch(id);
};

test('a schema version is asked for by its uuid', async () => {
  deepStrictEqual(await fetch({ SchemaDefinition: '"string"', DataFormat: 'AVRO' }), {
    kind: 'found',
    text: '"string"',
    references: [],
  });
});

test('a version that does not exist is the record’s fault, and may appear in a moment', async () => {
  deepStrictEqual(await fetch({ error: 'EntityNotFoundException', status: 400 }), {
    kind: 'rejected',
    reason: 'unknown_schema',
    detail: `the value was written with schema ${version}, and Glue has no version of this id: it answered EntityNotFoundException`,
    mayAppear: true,
  });
});

test('an id that Glue cannot take, and the id of another registry, are the record’s fault', async () => {
  deepStrictEqual(await fetch({ error: 'InvalidInputException', status: 400 }), {
    kind: 'rejected',
    reason: 'unknown_schema',
    detail: `the value was written with schema ${version}, and Glue takes it for no version’s id: it answered InvalidInputException`,
  });
  deepStrictEqual(await fetch({ SchemaDefinition: '"string"', DataFormat: 'AVRO' }, 7), {
    kind: 'rejected',
    reason: 'unknown_schema',
    detail:
      'the value was written with schema 7, and Glue has no such ids (SCHEMA_REGISTRY is `glue`)',
  });
});

test('a schema that is not Avro is told', async () => {
  deepStrictEqual(await fetch({ SchemaDefinition: '{}', DataFormat: 'JSON' }), {
    kind: 'rejected',
    reason: 'incompatible_schema',
    detail: `schema ${version} is JSON, not Avro`,
  });
});

for (const [error, status, name] of [
  ['AccessDeniedException', 400, 'UnavailableError'],
  ['ThrottlingException', 400, 'TransientError'],
  ['InternalServiceException', 500, 'TransientError'],
] as const)
  test(`${error} is a ${name}: ${name === 'TransientError' ? 'tried again' : 'it waits for somebody'}`, () =>
    rejects(fetch({ error, status }), {
      name,
      message: `asking Glue for schema version ${version} failed: ${error}: no more is said`,
    }));

test('Glue that is asked too much says nothing of a version', () =>
  rejects(fetch({ error: 'ThrottlingException', status: 400 }), ThrottledError));

test('Glue that cannot be reached is tried again', async () => {
  const gone = await startAwsService(() => ({}));
  await gone[Symbol.asyncDispose]();
  process.env['AWS_ENDPOINT_URL_GLUE'] = gone.endpoint;
  try {
    await rejects(fetch({}), { name: 'TransientError' });
  } finally {
    process.env['AWS_ENDPOINT_URL_GLUE'] = service.endpoint;
  }
});
