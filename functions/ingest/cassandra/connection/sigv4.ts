import { createHash, createHmac } from 'node:crypto';
import { auth } from 'cassandra-driver';

/** The driver's base classes. It declares them as interfaces, but checks for them by instanceof. */
const { AuthProvider, Authenticator } = auth as unknown as {
  readonly AuthProvider: new () => object;
  readonly Authenticator: new () => object;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** The credentials of a signature, which Lambda gives the function as environment variables. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
  readonly region: string;
}

/**
 * A login to Amazon Keyspaces with the function's role: AWS Signature Version 4 over the server's nonce. AWS's own plugin rests
 * on the AWS SDK v2, whose support has ended, and hangs without credentials.
 * Protocol: https://docs.aws.amazon.com/keyspaces/latest/devguide/programmatic.credentials.html and the plugin's source.
 */
export class SigV4AuthProvider extends AuthProvider implements auth.AuthProvider {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    super();
    this.#environment = environment;
  }

  /** Makes an authenticator, which reads the credentials anew for its connection: Lambda renews them in the environment. */
  newAuthenticator(): SigV4Authenticator {
    return new SigV4Authenticator(this.#environment);
  }
}

type AnswerCallback = (error: Error | null, token?: Buffer) => void;

class SigV4Authenticator extends Authenticator implements auth.Authenticator {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    super();
    this.#environment = environment;
  }

  initialResponse(answer: AnswerCallback): void {
    answer(null, Buffer.from('SigV4\0\0'));
  }

  evaluateChallenge(challenge: Buffer, answer: AnswerCallback): void {
    // An error that is thrown here would leave connect() waiting for ever.
    try {
      answer(null, Buffer.from(respond(challenge, readCredentials(this.#environment), new Date())));
    } catch (error) {
      answer(error as Error);
    }
  }

  onAuthenticationSuccess(): void {}
}

const readCredentials = (environment: Environment): AwsCredentials => {
  const variable = (name: string): string => {
    const value = environment[name];
    if (!value)
      throw new Error(`${name} is not set: CASSANDRA_AUTH=sigv4 needs a role's credentials`);
    return value;
  };
  return {
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    sessionToken: environment['AWS_SESSION_TOKEN'],
    region: variable('AWS_REGION'),
  };
};

/** Answers a challenge `nonce=<hex>[,…]`. @throws where the challenge has no nonce. */
export const respond = (challenge: Buffer, credentials: AwsCredentials, now: Date): string => {
  const nonce = /nonce=([0-9a-f]+)/.exec(challenge.toString('utf8'))?.[1];
  if (nonce === undefined) throw new Error('the server’s challenge has no nonce');
  const { accessKeyId, sessionToken } = credentials;
  const token = sessionToken === undefined ? '' : `,session_token=${sessionToken}`;
  const signature = sign(nonce, credentials, now);
  return `signature=${signature},access_key=${accessKeyId},amzdate=${now.toISOString()}${token}`;
};

const sign = (nonce: string, credentials: AwsCredentials, now: Date): string => {
  const { accessKeyId, secretAccessKey, region } = credentials;
  const time = now.toISOString();
  const day = time.slice(0, 10).replaceAll('-', '');
  const scope = `${day}/${region}/cassandra/aws4_request`;
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${accessKeyId}%2F${encodeURIComponent(scope)}`,
    `X-Amz-Date=${encodeURIComponent(time)}`,
    'X-Amz-Expires=900',
  ].join('&');
  const request = `PUT\n/authenticate\n${query}\nhost:cassandra\n\nhost\n${sha256(nonce)}`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(request)}`;
  const key = [day, region, 'cassandra', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => hmac(secret, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, toSign).toString('hex');
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();
