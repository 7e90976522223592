import { madeOf } from './made-of.ts';

/** Settings of AWS or CDK that a stage does not take: a pattern of their paths, and the reason. */
const unsupported: readonly (readonly [path: RegExp, reason: string])[] = [
  [
    /^((source|mapping)\.)?(\w*mode|queue|share_?(group|consumer)\w*)$/i,
    'must not be given: in Queue mode (a Kafka share group) records come in no order, and lateness is judged in the order of ' +
      'offsets; the mapping reads a stream, which is AWS’s default',
  ],
  [
    /capacity_?provider|managed_?instances?|execution_?environment\w*concurrency|^function\.(compute\w*|managed|instance\w*)$/i,
    'must not be given: on Lambda Managed Instances several invocations run at once in one process, and the function was not tried ' +
      'there; the function runs on Lambda’s own compute, where invocations take turns',
  ],
  [
    /^environment\.AWS_/,
    'must not be given: Lambda itself sets the variables that begin with AWS_; by AWS_LAMBDA_MAX_CONCURRENCY and ' +
      'AWS_LAMBDA_INITIALIZATION_TYPE the function knows Managed Instances, where it does not start',
  ],
  [
    /^source\.vpcConnectionArn$/,
    'must not be given: AWS reads only provisioned clusters by a VPC connection; their source.kind is msk',
  ],
];

/** Tells why a stage does not take a setting that AWS or the function has; undefined for any other path. */
export const whyUnsupported = (path: string): string | undefined => {
  const [, variable = ''] = /^environment\.(.+)/.exec(path) ?? [];
  return Object.hasOwn(madeOf, variable)
    ? `must not be given: it is made of ${madeOf[variable as keyof typeof madeOf]}`
    : unsupported.find(([pattern]) => pattern.test(path))?.[1];
};
