import { UnavailableError } from '../pipeline/errors.ts';
import { fromAwsError } from './from-aws-error.ts';

/** Milliseconds for the answer. */
const timeoutMs = 3_000;

/**
 * The texts of a secret of Secrets Manager that is JSON, read with the function's role.
 * @throws {UnavailableError} where one cannot be had, naming the secret, never what is in it.
 * @throws {TransientError} where Secrets Manager cannot be reached.
 */
export const readSecret = async <Name extends string>(
  arn: string,
  ...names: readonly Name[]
): Promise<Record<Name, string>> => {
  // Loaded only where a secret is configured: it would double the time that the function takes to start.
  const { GetSecretValueCommand, SecretsManagerClient } = await import(
    './secrets-manager-client.ts'
  );
  // One attempt: whoever needs it tries again.
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
  return texts as Record<Name, string>;
};

/** JSON.parse's own error would repeat the secret's beginning. */
const parse = (secret: string | undefined): Record<string, unknown> => {
  try {
    return Object(JSON.parse(secret ?? ''));
  } catch {
    return {};
  }
};
