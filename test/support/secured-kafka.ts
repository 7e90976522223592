import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startKafka } from '../../local/servers/kafka.ts';
import { freePorts } from '../../local/servers/ports.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { type Certificates, makeCertificates } from './certificates.ts';

/** A broker that takes logins over TLS alone. */
export interface SecuredKafka extends AsyncDisposable {
  /** The address for logins with name and password: by PLAIN and both kinds of SCRAM. */
  readonly passwords: string;
  /** The address for client certificates. */
  readonly clientCertificates: string;
  readonly login: { readonly username: string; readonly password: string };
  readonly certificates: Certificates;
}

export const startSecuredKafka = async (): Promise<SecuredKafka> => {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder('secured-kafka'));
  const certificates = await makeCertificates();
  const login = { username: 'reader', password: 'a-password' };
  const [keys, authority] = [join(folder.path, 'keys.pem'), join(folder.path, 'ca.pem')];
  await writeFile(keys, `${certificates.server.key}\n${certificates.server.cert}\n`);
  await writeFile(authority, certificates.server.cert);
  const [passwordPort = 0, certificatePort = 0] = await freePorts(2);
  const [passwords, clientCertificates] = [
    `127.0.0.1:${passwordPort}`,
    `127.0.0.1:${certificatePort}`,
  ];
  const modules = 'org.apache.kafka.common.security';
  const scram = `${modules}.scram.ScramLoginModule required;`;
  const sasl = 'listener.name.sasl_ssl';
  resources.use(
    await startKafka({
      listeners: [`SASL_SSL://${passwords}`, `SSL://${clientCertificates}`],
      properties: {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': keys,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': authority,
        'listener.name.ssl.ssl.client.auth': 'required',
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        [`${sasl}.plain.sasl.jaas.config`]: `${modules}.plain.PlainLoginModule required user_${login.username}="${login.password}";`,
        [`${sasl}.scram-sha-256.sasl.jaas.config`]: scram,
        [`${sasl}.scram-sha-512.sasl.jaas.config`]: scram,
      },
      format: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${login.username},password=${login.password}]`,
      ]),
    }),
  );
  const owned = resources.move();
  return {
    ...{ passwords, clientCertificates, login, certificates },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
