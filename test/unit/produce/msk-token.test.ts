import { deepStrictEqual } from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import { mskToken } from '../../../functions/produce/msk-token.ts';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'to+k/en=' };
const now = new Date('2026-03-10T12:34:56Z');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

test('the token is the signed URL that MSK asks for, signed as AWS’s specification has it', async () => {
  const token = await mskToken('eu-west-1', credentials, now);
  const url = new URL(Buffer.from(token, 'base64url').toString());
  const {
    'X-Amz-Signature': signature,
    'User-Agent': agent,
    ...query
  } = Object.fromEntries(url.searchParams);
  const scope = '20260310/eu-west-1/kafka-cluster/aws4_request';
  deepStrictEqual(
    [url.origin, agent],
    ['https://kafka.eu-west-1.amazonaws.com', 'user-events-demo'],
  );
  deepStrictEqual(query, {
    Action: 'kafka-cluster:Connect',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKID/${scope}`,
    'X-Amz-Date': '20260310T123456Z',
    'X-Amz-Expires': '900',
    'X-Amz-Security-Token': 'to+k/en=',
    'X-Amz-SignedHeaders': 'host',
  });
  const canonicalQuery = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const canonical = `GET\n/\n${canonicalQuery}\nhost:${url.host}\n\nhost\n${sha256('')}`;
  const toSign = `AWS4-HMAC-SHA256\n20260310T123456Z\n${scope}\n${sha256(canonical)}`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), 'AWS4secret');
  deepStrictEqual(signature, hmac(key, toSign).toString('hex'));
});
