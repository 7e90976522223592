/** Collects the variables that the AWS SDK reads, for an external Keyspaces or a secret. */
export const awsVariables = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('AWS_') && value !== undefined ? [[name, value]] : [],
    ),
  );
