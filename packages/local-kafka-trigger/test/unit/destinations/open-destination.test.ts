import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { openDestination } from '../../../src/destinations/open-destination.ts';
import { envelopeOf } from '../../support/envelope.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Starts a service of AWS that takes everything, and names it to the SDK. */
const anyService = async (t: TestContext, answer: (body: string) => string = () => '') => {
  const requests: { readonly path: string; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    requests.push({ path: request.url ?? '', body });
    response.setHeader('Content-Type', 'application/x-amz-json-1.0').end(answer(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const given = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const before = { ...process.env };
  Object.assign(process.env, given);
  t.after(() => {
    for (const name of Object.keys(given)) delete process.env[name];
    Object.assign(process.env, before);
    server.closeAllConnections();
    server.close();
  });
  return requests;
};

test('a path is a folder', async (t) => {
  const folder = await temporaryFolder(t);
  await (await openDestination(folder))(envelopeOf());
  deepStrictEqual((await readdir(folder)).length, 1);
});

for (const where of ['s3://bucket', 'arn:aws:s3:::bucket'])
  test(`${where} is a bucket, whose objects are envelopes with the event in them`, async (t) => {
    const requests = await anyService(t);
    const envelope = envelopeOf();
    await (await openDestination(where))(envelope);
    match(
      requests[0]?.path ?? '',
      /^\/bucket\/aws\/lambda\/[0-9a-f-]{36}\/\d{4}\/\d\d\/\d\d\/[\d.]+Z-[0-9a-f-]{36}/,
    );
    deepStrictEqual(JSON.parse(/\{.*\}/s.exec(requests[0]?.body ?? '')?.[0] ?? ''), envelope);
  });

for (const where of [
  'arn:aws:sqs:eu-west-1:000000000000:failed',
  'http://127.0.0.1:1/000000000000/failed',
])
  test(`${where} is a queue, whose messages have no records`, async (t) => {
    const url = 'http://127.0.0.1:1/000000000000/failed';
    const requests = await anyService(t, (body) =>
      JSON.stringify({
        QueueUrl: url,
        MessageId: '1',
        MD5OfMessageBody: createHash('md5')
          .update(JSON.parse(body).MessageBody ?? '')
          .digest('hex'),
      }),
    );
    const { payload: _, ...metadata } = envelopeOf();
    await (await openDestination(where))({ ...metadata, payload: 'x' });
    const { QueueUrl, MessageBody } = JSON.parse(requests.at(-1)?.body ?? '');
    deepStrictEqual([QueueUrl, JSON.parse(MessageBody)], [url, metadata]);
  });

for (const where of ['arn:aws:sns:eu-west-1:000000000000:failed', 'kafka://failed'])
  test(`${where}, which AWS takes and this package does not, is refused by its name`, async () => {
    await rejects(openDestination(where), { name: 'TriggerError', message: new RegExp(where) });
  });
