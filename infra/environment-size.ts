/** The bytes of variables that Lambda accepts: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const mostEnvironmentBytes = 4096;

/** Gives the bytes counted for a CDK token, whose value only the deploy knows: a region, a domain, or anything else. */
const tokenBytes = (name: string): number => (name.startsWith('AWS.') ? 32 : 512);

/**
 * Measures a function's variables as Lambda does: as JSON, in which quotes count and a line break is two bytes. A value
 * known only at the deploy counts with its greatest length.
 */
export const environmentBytes = (variables: Readonly<Record<string, string>>): number =>
  Buffer.byteLength(
    JSON.stringify(variables).replaceAll(/\$\{Token\[([^\]]+)\]\}/g, (_, name: string) =>
      'x'.repeat(tokenBytes(name)),
    ),
  );
