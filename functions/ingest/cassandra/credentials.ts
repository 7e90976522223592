import { auth } from 'cassandra-driver';
import type { Config } from '../config.ts';
import { TransientError, UnavailableError } from '../errors.ts';
import { SigV4AuthProvider } from './sigv4.ts';

/** How the driver logs in. */
export interface Login {
  /** Null where the cluster asks for nothing. */
  readonly provider: auth.AuthProvider | null;
  /** Whether it is from a secret that was read for an earlier call: it may have been rotated since. */
  readonly remembered: boolean;
}

/** The login of a function's environment, for its life. */
export interface Logins {
  /**
   * Reads the secret the first time, and again after `forget`.
   * @throws {UnavailableError} where the secret cannot be used, naming it, never what is in it.
   * @throws {TransientError} where Secrets Manager cannot be reached.
   */
  login(): Promise<Login>;
  /** To be called when a login was refused. */
  forget(): void;
}

export const createLogins = (
  config: Pick<Config, 'auth' | 'secretArn'>,
  environment: Readonly<Record<string, string | undefined>>,
): Logins => {
  let remembered: auth.AuthProvider | null = null;
  return {
    async login() {
      if (config.auth === 'sigv4')
        return { provider: new SigV4AuthProvider(environment), remembered: false };
      if (config.auth === 'none' || config.secretArn === null)
        return { provider: null, remembered: false };
      if (remembered !== null) return { provider: remembered, remembered: true };
      const { username, password } = await readSecret(config.secretArn);
      remembered = new auth.PlainTextAuthProvider(username, password);
      return { provider: remembered, remembered: false };
    },
    forget() {
      remembered = null;
    },
  };
};

const readSecret = async (arn: string): Promise<{ username: string; password: string }> => {
  // Loaded only where a secret is configured: it would double the time that the function takes to start.
  const { GetSecretValueCommand, SecretsManagerClient, SecretsManagerServiceException } =
    await import('@aws-sdk/client-secrets-manager');
  // One attempt: whoever connects tries again.
  const client = new SecretsManagerClient({ maxAttempts: 1 });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return toCredentials(SecretString, arn);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const message = `the secret ${arn} could not be read: ${why}`;
    const ours =
      error instanceof SecretsManagerServiceException &&
      error.$fault === 'client' &&
      error.$retryable === undefined;
    throw ours
      ? new UnavailableError(message, { cause: error })
      : new TransientError(message, { cause: error });
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
