/** Bytes of variables that Lambda takes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const mostEnvironmentBytes = 4096;

/** Bytes that are counted for a value of CDK's that only the deploy knows: a region, a domain, or anything else. */
const tokenBytes = (name: string): number => (name.startsWith('AWS.') ? 32 : 512);

/**
 * Measures a function's variables as Lambda does: as JSON, in which quotes count and a line break is two bytes. What is
 * known only at the deploy counts as the longest that it can be.
 */
export const environmentBytes = (variables: Readonly<Record<string, string>>): number =>
  Buffer.byteLength(
    JSON.stringify(variables).replaceAll(/\$\{Token\[([^\]]+)\]\}/g, (_, name: string) =>
      'x'.repeat(tokenBytes(name)),
    ),
  );
