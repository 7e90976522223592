/** Settings that AWS or CDK has, by their path and the names they have there, and that a stage does not take; with the reason. */
const unsupported: readonly (readonly [path: RegExp, reason: string])[] = [
  [
    /^((source|mapping)\.)?(\w*mode|queue|share_?(group|consumer)\w*)$/i,
    'must not be given: in Queue mode (a Kafka share group) records come in no order, and lateness is judged in the order of ' +
      'offsets; the mapping is a stream, which is AWS’s default',
  ],
  [
    /capacity_?provider|managed_?instances?|execution_?environment\w*concurrency|^function\.(compute\w*|managed|instance\w*)$/i,
    'must not be given: on Lambda Managed Instances several invocations run at once in one process, and would mix the state that the ' +
      'function keeps for each; it runs on Lambda’s own compute, where they take turns',
  ],
  [
    /^environment\.AWS_/,
    'must not be given: variables that begin with AWS_ are Lambda’s to set, and AWS_LAMBDA_MAX_CONCURRENCY and ' +
      'AWS_LAMBDA_INITIALIZATION_TYPE tell the function that it is on Managed Instances, where it does not start',
  ],
  [
    /^source\.vpcConnectionArn$/,
    'must not be given: AWS reads a cluster by a VPC connection only where it is provisioned, which is source.kind msk',
  ],
];

/** Says why a setting is not taken that a stage does not have, but AWS does; undefined for any other path. */
export const whyUnsupported = (path: string): string | undefined =>
  unsupported.find(([pattern]) => pattern.test(path))?.[1];
