import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { LocalError } from '../local-error.ts';

const listen = async (port: number): Promise<Server> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/** Ports of 127.0.0.1 that nobody listens on, all different; a server that is started at once gets them. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  return ports;
};

/** @throws {LocalError} where somebody listens on the port, or nobody may. */
export const assertPortFree = async (port: number, option: string): Promise<void> => {
  try {
    await using _ = await listen(port);
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new LocalError(
      `Port ${port} ${taken ? 'is taken by another program' : 'cannot be listened on'}. ` +
        `Give another with ${option}, or leave ${option} out to have a free one.`,
      { cause: error },
    );
  }
};
