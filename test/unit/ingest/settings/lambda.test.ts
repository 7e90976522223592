import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { mistakesOf, settingsOf } from '../../../support/settings.ts';
import { startHandler } from '../../../support/start-handler.ts';

test('settings are refused in a process that Lambda calls with several batches at once, with the reason', () => {
  for (const given of [
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances' },
    { AWS_LAMBDA_MAX_CONCURRENCY: '64' },
    { AWS_LAMBDA_MAX_CONCURRENCY: '2', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' },
  ]) {
    const [mistake, ...others] = mistakesOf(given);
    ok(mistake?.startsWith('Lambda Managed Instances call one process with several batches'));
    deepStrictEqual(others, []);
  }
  for (const given of [
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' },
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'provisioned-concurrency' },
    { AWS_LAMBDA_INITIALIZATION_TYPE: 'snap-start', AWS_LAMBDA_MAX_CONCURRENCY: '1' },
    { AWS_LAMBDA_MAX_CONCURRENCY: '' },
  ])
    settingsOf(given);
});

test('the function does not start under Lambda Managed Instances', () => {
  const { status, stderr } = startHandler({
    AWS_LAMBDA_INITIALIZATION_TYPE: 'lambda-managed-instances',
  });
  ok(status !== 0 && stderr.includes('Lambda Managed Instances call one process'), stderr);
});
