import { once } from 'node:events';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions, request as requestHttps } from 'node:https';
import type { SecureContextOptions } from 'node:tls';

/** The answer to a GET. */
export interface HttpAnswer {
  readonly status: number;
  /** The whole body, or its beginning where `tooLarge`. */
  readonly body: string;
  /** True where the body has more than a megabyte (64 KiB with another status than 200): the rest was not read. */
  readonly tooLarge: boolean;
  /** The target of a redirect; null where there is none. */
  readonly location: string | null;
}

export interface GetOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** The certificate authority and the client's certificate and key, where they are not Node's own. */
  readonly tls: SecureContextOptions;
}

/** The most bytes of a body that are read; a schema has some thousands. */
export const largestBody = 1024 * 1024;

/** The most bytes of an error's body that are read. */
const largestRefusal = 64 * 1024;

/** A client whose requests share connections while they overlap, or follow each other at once. */
export class HttpClient {
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });
  #inFlight = 0;

  /**
   * Makes one GET over HTTP or HTTPS, verifies the server, and follows no redirect. Node's fetch accepts neither a client
   * certificate nor a certificate authority.
   * @throws Node's errors, also when the signal is aborted.
   */
  async get(url: URL, options: GetOptions, signal: AbortSignal): Promise<HttpAnswer> {
    this.#inFlight += 1;
    try {
      return await this.#get(url, options, signal);
    } finally {
      this.#inFlight -= 1;
      setImmediate(() => this.#closeIdle());
    }
  }

  /** Closes the connections after the last request: the function is frozen between batches, and the other end gives up. */
  #closeIdle(): void {
    if (this.#inFlight > 0) return;
    this.#http.destroy();
    this.#https.destroy();
  }

  async #get(url: URL, { headers, tls }: GetOptions, signal: AbortSignal): Promise<HttpAnswer> {
    const options: RequestOptions = { headers, signal };
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, { ...options, ...tls, agent: this.#https, minVersion: 'TLSv1.2' })
        : requestHttp(url, { ...options, agent: this.#http });
    // An error after the beginning of the response is thrown by reading it, and is also emitted by the request.
    request.on('error', () => {});
    request.end();
    const [response] = await once(request, 'response', { signal });
    const status: number = response.statusCode;
    const most = status === 200 ? largestBody : largestRefusal;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response) {
      length += chunk.length;
      chunks.push(chunk);
      // Leaving the loop destroys the response, and its connection with it.
      if (length > most) break;
    }
    return {
      status,
      body: Buffer.concat(chunks).toString('utf8'),
      tooLarge: length > most,
      location: response.headers.location ?? null,
    };
  }
}
