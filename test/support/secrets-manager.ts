import { once } from 'node:events';
import { createServer } from 'node:http';

export interface SecretsManager extends AsyncDisposable {
  readonly endpoint: string;
  /** How often each secret was asked for. */
  readonly requests: ReadonlyMap<string, number>;
}

/**
 * Answers GetSecretValue as AWS does, over HTTP on this machine: the SDK's own client talks to it.
 * @param secrets may change while it runs.
 */
export const startSecretsManager = async (
  secrets: Readonly<Record<string, string>>,
): Promise<SecretsManager> => {
  const requests = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    requests.set(body.SecretId, (requests.get(body.SecretId) ?? 0) + 1);
    const secret = secrets[body.SecretId];
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (secret === undefined) {
      response.writeHead(400);
      response.end(
        JSON.stringify({
          __type: 'ResourceNotFoundException',
          message: 'Secrets Manager can’t find the specified secret.',
        }),
      );
      return;
    }
    response.end(JSON.stringify({ Name: body.SecretId, SecretString: secret }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
};
