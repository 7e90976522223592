import { auth } from 'cassandra-driver';
import { readSecret } from '../../remote/read-secret.ts';
import type { Settings } from '../../settings/read-settings.ts';
import { SigV4AuthProvider } from './sigv4.ts';

/** The driver's login. */
interface Login {
  /** The provider; null where the cluster requires no login. */
  readonly provider: auth.AuthProvider | null;
  /** True where the secret was read for an earlier call: it may have been rotated since. */
  readonly remembered: boolean;
}

/** The logins of an execution environment. */
export interface Logins {
  /**
   * Gives the login. Its secret is read the first time, and again after `forget`.
   * @throws {UnavailableError} where the secret cannot be used; it names the secret, never its contents.
   * @throws {TransientError} where Secrets Manager cannot be reached.
   */
  login(): Promise<Login>;
  /** Forgets the secret, after a refused login. */
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
