import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Invocation {
  readonly requestId: string;
  /** The deadline in milliseconds since the epoch. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly eventJson: string;
}

/** An error as a runtime reports it. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The handlers of the four routes. A post returns whether its invocation is the running one. */
export interface RuntimeApiRoutes {
  /** Waits for an event, for a runtime that is ready. */
  readonly next: () => Promise<Invocation>;
  readonly response: (requestId: string, payload: string) => boolean;
  readonly error: (requestId: string, error: RuntimeError) => boolean;
  readonly initError: (error: RuntimeError) => void;
}

/**
 * Starts Lambda's Runtime API for one execution environment, on a free port of this machine.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export const startRuntimeApi = async (routes: RuntimeApiRoutes) => {
  const server = createServer((request, response) => {
    answer(routes, request, response).catch((error: Error) => response.destroy(error));
  });
  // A runtime waits for its next event without a time limit.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** The address `host:port`, as AWS_LAMBDA_RUNTIME_API has it. */
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const root = '/2018-06-01/runtime/';

const answer = async (
  routes: RuntimeApiRoutes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const route = `${request.method} ${request.url}`;
  if (route === `GET ${root}invocation/next`) {
    const { requestId, deadlineMs, functionArn, eventJson } = await routes.next();
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Lambda-Runtime-Aws-Request-Id', requestId);
    response.setHeader('Lambda-Runtime-Deadline-Ms', deadlineMs);
    response.setHeader('Lambda-Runtime-Invoked-Function-Arn', functionArn);
    response.end(eventJson);
    return;
  }
  const body = await text(request);
  if (route === `POST ${root}init/error`) {
    routes.initError(toRuntimeError(body));
    reply(response, 202, { status: 'OK' });
    return;
  }
  const [, requestId, kind] =
    /^POST \/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/.exec(route) ?? [];
  if (requestId === undefined) {
    reply(response, 404, { errorType: 'NotFound', errorMessage: 'No such route' });
    return;
  }
  const known =
    kind === 'response'
      ? routes.response(requestId, body)
      : routes.error(requestId, toRuntimeError(body));
  if (known) reply(response, 202, { status: 'OK' });
  else reply(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' });
};

const reply = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};

const toRuntimeError = (body: string): RuntimeError => {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {}
  const { errorType, errorMessage } = Object(given) as Record<string, unknown>;
  return {
    errorType: typeof errorType === 'string' ? errorType : 'Unknown',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
};
