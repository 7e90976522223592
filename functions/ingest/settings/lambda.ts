import type { Findings } from './variable.ts';

/**
 * Checks that Lambda does not call this process with several batches at once, as Lambda Managed Instances do
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances.html). Overlapping invocations are tested
 * (interleaved.test.ts); AWS's runtime of Managed Instances was not tried.
 */
export const lambdaFindings = (
  environment: Readonly<Record<string, string | undefined>>,
): Findings => {
  const isManaged = environment['AWS_LAMBDA_INITIALIZATION_TYPE'] === 'lambda-managed-instances';
  const mostBatches = Number(environment['AWS_LAMBDA_MAX_CONCURRENCY'] ?? 1);
  return [
    (isManaged || mostBatches > 1) &&
      'Lambda Managed Instances call one process with several batches at once, and this function was not tried there: ' +
        'deploy it as an ordinary Lambda function, without a capacity provider',
  ];
};
