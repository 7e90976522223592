import { once } from 'node:events';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { SecureContextOptions } from 'node:tls';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** The certificate authority and the client's certificate and key, where they are not Node's own. */
  readonly tls: SecureContextOptions;
}

/** Bytes; a schema is some thousands. */
const largestBody = 1024 * 1024;

/**
 * One GET over HTTP or HTTPS, the server verified. Node's fetch takes neither a client's certificate nor an authority. No
 * connection is kept: the function is frozen between batches, and a schema is asked for once.
 * @throws as Node does, also when the signal is aborted, and at a body of more than a megabyte.
 */
export const httpGet = async (
  url: URL,
  { headers, tls }: GetOptions,
  signal: AbortSignal,
): Promise<Answer> => {
  const options: RequestOptions = { agent: false, headers, signal };
  const request =
    url.protocol === 'https:'
      ? requestHttps(url, { ...options, ...tls, minVersion: 'TLSv1.2' })
      : requestHttp(url, options);
  // What fails after the response has begun is thrown by reading it, and is told to the request too.
  request.on('error', () => {});
  request.end();
  const [response] = await once(request, 'response', { signal });
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > largestBody) {
      response.destroy();
      throw new Error(`the answer has more than ${largestBody} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') };
};
