import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { CassandraServer } from '../../local/servers/cassandra.ts';
import { findJava } from '../../local/servers/java.ts';

export interface CertificateOptions {
  /** The names in the certificate, as keytool writes them. */
  readonly names?: string;
  /** The first day of the certificate, counted from now. */
  readonly from?: number;
  readonly days?: number;
}

export interface TlsProxy extends AsyncDisposable {
  readonly contactPoint: string;
  /** The PEM text of the certificate, which is its own authority. */
  readonly ca: string;
}

/** Starts a proxy with another certificate before an encrypting Cassandra. It forwards all bytes. */
export const startTlsProxy = async (
  { contactPoints, ca }: CassandraServer,
  options: CertificateOptions = {},
): Promise<TlsProxy> => {
  const certificate = await makeCertificate(options);
  const port = Number(contactPoints[0]?.split(':').at(-1));
  const sockets = new Set<TLSSocket>();
  const server = createServer(certificate, (client) => {
    const cassandra = connect({ host: '127.0.0.1', port, ...(ca === null ? {} : { ca }) });
    for (const [socket, other] of [
      [client, cassandra],
      [cassandra, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      // Either end may close at any time.
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    contactPoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: certificate.pem,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** Makes a certificate by the JDK's keytool; Node cannot make one. */
const makeCertificate = async ({
  names = 'ip:127.0.0.1',
  from = -1,
  days = 30,
}: CertificateOptions) => {
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  try {
    const path = join(folder, 'keystore.p12');
    const passphrase = 'local1';
    const tool = join(await findJava(), '..', 'keytool');
    const keytool = (args: readonly string[]) => promisify(execFile)(tool, args);
    const store = [
      '-alias',
      'a',
      '-keystore',
      path,
      '-storetype',
      'PKCS12',
      '-storepass',
      passphrase,
    ];
    await keytool([
      ...['-genkeypair', ...store, '-keyalg', 'EC', '-dname', 'CN=proxy', '-ext', `SAN=${names}`],
      ...['-startdate', `${from < 0 ? from : `+${from}`}d`, '-validity', `${days}`],
    ]);
    const { stdout: pem } = await keytool(['-exportcert', '-rfc', ...store]);
    return { pfx: await readFile(path), passphrase, pem };
  } finally {
    await rm(folder, { recursive: true });
  }
};
