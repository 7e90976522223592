import { readSecret } from '../remote/read-secret.ts';
import type { Settings } from '../settings/read-settings.ts';
import type { GetOptions } from './http-client.ts';

/** The login to the registry, for the life of the execution environment. */
export interface RegistryLogin {
  /**
   * Gives the options of a request. The secret is read the first time, and remembered.
   * @throws readSecret's errors.
   */
  options(): Promise<{
    readonly options: GetOptions;
    /** True where the secret was read for an earlier call: it may have been rotated since. */
    readonly remembered: boolean;
  }>;
  /**
   * Reads the secret again after the registry refused a remembered login. An unchanged secret is read again only after a pause,
   * which doubles up to half a minute: a denied id must not cost a request to Secrets Manager for each record.
   * @returns the new login, or null where it is the same.
   * @throws readSecret's errors.
   */
  renew(refused: GetOptions): Promise<GetOptions | null>;
}

const accept = { accept: 'application/vnd.schemaregistry.v1+json, application/json' };

/** The milliseconds between two readings of an unchanged secret. */
const pauses = { first: 50, longest: 30_000 };

export const createRegistryLogin = (
  config: Pick<Settings, 'registryAuth' | 'registrySecretArn' | 'registryCa'>,
): RegistryLogin => {
  const { registryAuth, registrySecretArn, registryCa } = config;
  const authority = registryCa === null ? {} : { ca: registryCa };
  let known: Promise<GetOptions> | null = null;
  let pause = pauses.first;
  let notBefore = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<GetOptions> => {
    if (registrySecretArn === null) return { headers: accept, tls: authority };
    if (registryAuth === 'basic') {
      const { username, password } = await readSecret(registrySecretArn, 'username', 'password');
      const basic = Buffer.from(`${username}:${password}`).toString('base64');
      return { headers: { ...accept, authorization: `Basic ${basic}` }, tls: authority };
    }
    const { certificate, privateKey, privateKeyPassword } = (await readSecret(
      registrySecretArn,
      'certificate',
      'privateKey',
    )) as { certificate: string; privateKey: string; privateKeyPassword?: string };
    const key = {
      cert: certificate,
      key: privateKey,
      ...(privateKeyPassword === undefined ? {} : { passphrase: privateKeyPassword }),
    };
    return { headers: accept, tls: { ...authority, ...key } };
  };

  /** Shares one reading between concurrent callers, and forgets a failed one. */
  const remember = async (): Promise<GetOptions> => {
    const reading = known ?? read();
    known = reading;
    try {
      return await reading;
    } catch (error) {
      if (known === reading) known = null;
      throw error;
    }
  };

  return {
    async options() {
      const remembered = known !== null;
      return { options: await remember(), remembered };
    },
    async renew(refused) {
      if (registrySecretArn === null) return null;
      const current = await remember();
      if (!isSame(current, refused)) return current;
      if (performance.now() < notBefore) return null;
      notBefore = performance.now() + pause;
      known = null;
      const renewed = await remember();
      if (isSame(renewed, refused)) {
        pause = Math.min(2 * pause, pauses.longest);
        return null;
      }
      pause = pauses.first;
      return renewed;
    },
  };
};

const isSame = (one: GetOptions, other: GetOptions): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
