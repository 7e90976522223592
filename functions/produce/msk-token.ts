import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** The credentials that Lambda gives a function as environment variables. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The seconds for which a token is valid, as with AWS's own signers. */
const expiresIn = 900;

/**
 * Makes the bearer token by which MSK recognises a role: a signed URL of the action `kafka-cluster:Connect`. AWS's own signer
 * makes the same token, but would bring two dozen packages. https://github.com/aws/aws-msk-iam-sasl-signer-js
 */
export const mskToken = async (
  region: string,
  credentials: AwsCredentials,
  now: Date,
): Promise<string> => {
  const host = `kafka.${region}.amazonaws.com`;
  const signer = new SignatureV4({
    service: 'kafka-cluster',
    region,
    credentials,
    applyChecksum: false,
    sha256: Sha256,
  });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host },
      query: { Action: 'kafka-cluster:Connect' },
    },
    { expiresIn, signingDate: now },
  );
  const signed = new URL(`https://${host}/`);
  for (const [name, value] of Object.entries(query)) signed.searchParams.set(name, String(value));
  // The signer's name is added after signing.
  signed.searchParams.set('User-Agent', 'user-events-demo');
  return Buffer.from(signed.href).toString('base64url');
};

/** Node's SHA-256, in the form that the signer requires. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('the signer makes a new one each time');
  }
}
