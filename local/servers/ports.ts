import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

const listen = async (port: number): Promise<Server> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

/**
 * The range of the free ports. It lies below the ports of outgoing connections (from 32768 on Linux, 49152 elsewhere): a client
 * could otherwise take the port of a server that is still starting.
 */
const [lowest, highest] = [20_000, 32_000];
const tries = 1000;

/** The ports given so far. None is given twice, because a server that is still starting does not listen yet. */
const given = new Set<number>();

/** Finds free ports of 127.0.0.1, all different, in this process also from those of other calls. */
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

/**
 * Checks that a port is free.
 * @throws {UserFacingError} where another program listens on the port, or the port may not be used.
 */
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
