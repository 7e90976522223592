import { once } from 'node:events';
import { createServer } from 'node:http';

/** What a service answers: a body, or an error by its name with the status that AWS gives it. */
export type AwsAnswer =
  | Readonly<Record<string, string>>
  | { readonly error: string; readonly status: number };

/** Answers over AWS's JSON 1.1 protocol on this machine, as far as a test needs it: the SDK's own client talks to it. */
export const startAwsService = async (
  answer: (body: Readonly<Record<string, string>>) => AwsAnswer,
): Promise<AsyncDisposable & { readonly endpoint: string }> => {
  const server = createServer(async (request, response) => {
    const answered = answer(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    const { error, status } = answered;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
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
