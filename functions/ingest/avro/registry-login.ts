import { readSecret } from '../aws/read-secret.ts';
import type { Config } from '../config.ts';
import type { GetOptions } from './http-get.ts';

/** How the registry is asked, for the life of the function's environment. */
export interface RegistryLogin {
  /**
   * Reads the secret the first time, and again after `forget`.
   * @throws as readSecret does.
   */
  options(): Promise<{
    readonly options: GetOptions;
    /** Whether it is from a secret that was read for an earlier call: it may have been rotated since. */
    readonly remembered: boolean;
  }>;
  /** To be called when a login was refused. */
  forget(): void;
}

const accept = { accept: 'application/vnd.schemaregistry.v1+json, application/json' };

export const createRegistryLogin = (
  config: Pick<Config, 'registryAuth' | 'registrySecretArn' | 'registryCa'>,
): RegistryLogin => {
  const { registryAuth, registrySecretArn, registryCa } = config;
  const authority = registryCa === null ? {} : { ca: registryCa };
  let known: Promise<GetOptions> | null = null;

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

  return {
    async options() {
      const remembered = known !== null;
      const reading = known ?? read();
      known = reading;
      try {
        return { options: await reading, remembered };
      } catch (error) {
        if (known === reading) known = null;
        throw error;
      }
    },
    forget() {
      known = null;
    },
  };
};
