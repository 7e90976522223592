import { auth } from 'cassandra-driver';
import type { Config } from '../config.ts';
import { UnavailableError } from '../errors.ts';
import { SigV4AuthProvider } from './sigv4.ts';

/** How the driver logs in; null where the cluster asks for nothing. */
export const authProvider = async (
  config: Pick<Config, 'auth' | 'secretArn'>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<auth.AuthProvider | null> => {
  if (config.auth === 'none' || (config.auth === 'password' && config.secretArn === null))
    return null;
  if (config.auth === 'sigv4') return new SigV4AuthProvider(environment);
  const { username, password } = await readSecret(config.secretArn ?? '');
  return new auth.PlainTextAuthProvider(username, password);
};

/** @throws {UnavailableError} naming the secret, never what is in it. */
const readSecret = async (arn: string): Promise<{ username: string; password: string }> => {
  // Loaded only where a secret is configured: it would double the time that the function takes to start.
  const { GetSecretValueCommand, SecretsManagerClient } = await import(
    '@aws-sdk/client-secrets-manager'
  );
  const client = new SecretsManagerClient();
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return toCredentials(SecretString, arn);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new UnavailableError(`the secret ${arn} could not be read: ${why}`, { cause: error });
  } finally {
    client.destroy();
  }
};

const toCredentials = (secret: string | undefined, arn: string) => {
  const { username, password } = parse(secret);
  if (typeof username !== 'string' || typeof password !== 'string')
    throw new UnavailableError(
      `the secret ${arn} must be JSON with the texts "username" and "password"`,
    );
  return { username, password };
};

/** JSON.parse's own error would repeat the secret's beginning. */
const parse = (secret: string | undefined): { username?: unknown; password?: unknown } => {
  try {
    return Object(JSON.parse(secret ?? ''));
  } catch {
    return {};
  }
};
