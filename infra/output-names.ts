/** The names of a pipeline's stack outputs, by which its resources are found. */
export const outputNames = [
  'FunctionName',
  'LogGroupName',
  'MappingId',
  'DashboardName',
  'OnFailureDestination',
  'TableNames',
  'Version',
  'OperateFunctionName',
  'OperateBucketName',
] as const;

export type OutputName = (typeof outputNames)[number];
