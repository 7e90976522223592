import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { UserFacingError } from '../user-facing-error.ts';

const listen = async (port: number): Promise<Server> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/**
 * Where free ports are looked for: below those that the system gives to outgoing connections (from 32768 on Linux, 49152
 * elsewhere), or a client could be given the port while the server that is to have it still starts.
 */
const [lowest, highest] = [20_000, 32_000];
const tries = 1000;

/** Never given twice: servers that start at the same time do not listen yet. */
const given = new Set<number>();

/** Ports of 127.0.0.1 that nobody listens on, all different, in this process also from those of other calls. */
export const freePorts = async (count: number): Promise<number[]> => {
  const ports: number[] = [];
  for (let left = tries; ports.length < count; left -= 1) {
    if (left === 0) throw new UserFacingError('No free port was found on 127.0.0.1.');
    const port = randomInt(lowest, highest);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) ports.push(port);
  }
  return ports;
};

const isFree = async (port: number): Promise<boolean> => {
  try {
    await using _ = await listen(port);
    return true;
  } catch {
    return false;
  }
};

/** @throws {UserFacingError} where somebody listens on the port, or nobody may. */
export const assertPortFree = async (port: number, option: string): Promise<void> => {
  given.add(port);
  try {
    await using _ = await listen(port);
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new UserFacingError(
      `Port ${port} ${taken ? 'is taken by another program' : 'cannot be listened on'}. ` +
        `Give another with ${option}, or leave ${option} out to have a free one.`,
      { cause: error },
    );
  }
};
