import { auth } from 'cassandra-driver';
import { readSecret } from '../../remote/read-secret.ts';
import type { Settings } from '../../settings/read-settings.ts';
import { SigV4AuthProvider } from './sigv4.ts';

/** How the driver logs in. */
interface Login {
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
  config: Pick<Settings, 'auth' | 'secretArn'>,
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
      const { username, password } = await readSecret(config.secretArn, 'username', 'password');
      remembered = new auth.PlainTextAuthProvider(username, password);
      return { provider: remembered, remembered: false };
    },
    forget() {
      remembered = null;
    },
  };
};
