import { once } from 'node:events';
import { createServer } from 'node:http';

/** An answer that is sent without a change. */
export class RawAnswer {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    this.status = status;
    this.body = body;
  }
}

/** An answer of a service: a body, or an error with its name and AWS's status. */
export type AwsAnswer =
  | Readonly<Record<string, string>>
  | { readonly error: string; readonly status: number }
  | RawAnswer;

/** Starts a service on this machine that speaks as much of AWS's JSON 1.1 protocol as the SDK's own client needs. */
export const startAwsService = async (
  answer: (body: Readonly<Record<string, string>>) => AwsAnswer,
): Promise<AsyncDisposable & { readonly endpoint: string }> => {
  const server = createServer(async (request, response) => {
    const answered = answer(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (answered instanceof RawAnswer) {
      response.writeHead(answered.status).end(answered.body);
      return;
    }
    const { error, status } = answered;
    if (error !== undefined) response.writeHead(Number(status));
    response.end(
      JSON.stringify(
        error === undefined ? answered : { __type: error, message: 'no more is said' },
      ),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
};
