import { UnavailableError } from '../pipeline/errors.ts';
import { fromAwsError } from './from-aws-error.ts';

/** The milliseconds that Secrets Manager has for its answer. */
const timeoutMs = 3_000;

/**
 * Reads texts of a JSON secret of Secrets Manager, with the function's role; whatever else the secret holds comes with them.
 * @throws {UnavailableError} where a text cannot be had; it names the secret, never its contents.
 * @throws {TransientError} where Secrets Manager cannot be reached.
 */
export const readSecret = async <Name extends string>(
  arn: string,
  ...names: readonly Name[]
): Promise<Record<Name, string> & Readonly<Record<string, unknown>>> => {
  // The client is loaded only where a secret is configured: it would double the function's start time.
  const { GetSecretValueCommand, SecretsManagerClient } = await import(
    './secrets-manager-client.ts'
  );
  // The client makes one attempt, because the callers retry.
  const client = new SecretsManagerClient({ maxAttempts: 1 });
  let secret: string | undefined;
  try {
    const command = new GetSecretValueCommand({ SecretId: arn });
    const abortSignal = AbortSignal.timeout(timeoutMs);
    secret = (await client.send(command, { abortSignal })).SecretString;
  } catch (error) {
    throw fromAwsError(error, `the secret ${arn} could not be read`);
  } finally {
    client.destroy();
  }
  const texts = parse(secret);
  if (!names.every((name) => typeof texts[name] === 'string'))
    throw new UnavailableError(
      `the secret ${arn} must be JSON with the texts ${names.map((name) => `"${name}"`).join(' and ')}`,
    );
  return texts as Record<Name, string> & Readonly<Record<string, unknown>>;
};

/** Parses a secret. JSON.parse's own error would repeat the secret's beginning. */
const parse = (secret: string | undefined): Record<string, unknown> => {
  try {
    return Object(JSON.parse(secret ?? ''));
  } catch {
    return {};
  }
};
