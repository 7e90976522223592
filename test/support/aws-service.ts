import { once } from 'node:events';
import { createServer } from 'node:http';

/** An answer as it is, whatever it is. */
export class RawAnswer {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    this.status = status;
    this.body = body;
  }
}

/** What a service answers: a body, or an error by its name with the status that AWS gives it. */
export type AwsAnswer =
  | Readonly<Record<string, string>>
  | { readonly error: string; readonly status: number }
  | RawAnswer;

/** Answers over AWS's JSON 1.1 protocol on this machine, as far as a test needs it: the SDK's own client talks to it. */
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
