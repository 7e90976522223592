import { generate } from 'selfsigned';

/** The PEM texts of a server on this machine, whose certificate is its own authority, and of a client that it trusts. */
export interface Certificates {
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly privateKey: string };
}

export const makeCertificates = async (): Promise<Certificates> => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
    clientCertificate: true,
  });
  return {
    server: { cert: made.cert, key: made.private },
    client: { certificate: made.clientcert ?? '', privateKey: made.clientprivate ?? '' },
  };
};
