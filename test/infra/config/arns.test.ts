import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { arnsIn } from '../../../infra/config/arns.ts';

test('every ARN of a stage is found with its path and its parts, however deep it lies', () => {
  const secret = 'arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:a';
  const bucket = 'arn:aws:s3:::events';
  deepStrictEqual(
    arnsIn({ source: { secretArn: secret, port: 9096 }, list: [null, bucket], topic: 'arn:aws' }),
    [
      {
        path: 'source.secretArn',
        arn: secret,
        partition: 'aws-cn',
        region: 'cn-north-1',
        account: '111122223333',
      },
      { path: 'list.1', arn: bucket, partition: 'aws', region: '', account: '' },
    ],
  );
});
