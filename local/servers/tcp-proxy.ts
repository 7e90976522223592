import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** A proxy between a client and a server, which makes their connections as bad as networks can. */
export interface TcpProxy extends AsyncDisposable {
  /** The address `127.0.0.1:port`. */
  readonly address: string;
  /** Counts the open connections. */
  readonly connections: () => number;
  /** Counts the server's answers that are held back now. */
  readonly held: () => number;
  /** Passes everything on, also for the open connections. */
  pass(): void;
  /** Keeps every connection open and accepts new ones, but passes nothing on: all data is lost, as on a dead route. */
  blackHole(): void;
  /** Holds back the data of the server for some milliseconds. */
  delay(milliseconds: number): void;
  /** Ends the open connections with RST. */
  reset(): void;
  /** Ends every new connection with RST, until another method is called. */
  refuse(): void;
}

type Mode = 'pass' | 'black-hole' | 'refuse';

/** A connection through the proxy. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** True once data of the connection was lost: the data after it would make no sense to the other side. */
  lost: boolean;
}

/** Starts a proxy. @param target the server, as `host:port`. */
export const startTcpProxy = async (target: string): Promise<TcpProxy> => {
  const [, host = '', port] = /^(.*):(\d+)$/.exec(target) ?? [];
  const pairs = new Set<Pair>();
  let mode: Mode = 'pass';
  let delayMs = 0;
  let heldAnswers = 0;

  const forward = (pair: Pair, from: Socket, to: Socket, late: () => number): void => {
    const isAnswer = from === pair.server;
    const held: { readonly chunk: Buffer; readonly dueAt: number }[] = [];
    const release = (): void => {
      for (
        let [next] = held;
        next !== undefined && next.dueAt <= performance.now();
        [next] = held
      ) {
        held.shift();
        if (isAnswer) heldAnswers -= 1;
        if (!pair.lost) to.write(next.chunk);
      }
      const [next] = held;
      if (next !== undefined) setTimeout(release, Math.max(0, next.dueAt - performance.now()));
    };
    from.on('data', (chunk) => {
      if (pair.lost) return;
      // A chunk with a shorter delay must not overtake an earlier chunk.
      const dueAt = Math.max(performance.now() + late(), held.at(-1)?.dueAt ?? 0);
      held.push({ chunk, dueAt });
      if (isAnswer) heldAnswers += 1;
      if (held.length === 1) release();
    });
  };

  const server = createServer((client) => {
    client.on('error', () => {});
    if (mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const pair: Pair = {
      client,
      server: createConnection(Number(port), host),
      lost: mode === 'black-hole',
    };
    pairs.add(pair);
    client.setNoDelay();
    pair.server.setNoDelay();
    forward(pair, client, pair.server, () => 0);
    forward(pair, pair.server, client, () => delayMs);
    for (const [one, other] of [
      [client, pair.server],
      [pair.server, client],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        // On a dead route, the end of one side stays unknown to the other.
        if (!(pair.lost && one === pair.server)) other.destroy();
        if (client.destroyed) pairs.delete(pair);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const reset = (): void => {
    for (const { client } of pairs) client.resetAndDestroy();
  };
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => pairs.size,
    held: () => heldAnswers,
    pass: () => {
      mode = 'pass';
      delayMs = 0;
    },
    blackHole: () => {
      mode = 'black-hole';
      // Data under way is lost too.
      for (const pair of pairs) pair.lost = true;
    },
    delay: (milliseconds) => {
      delayMs = milliseconds;
    },
    reset,
    refuse: () => {
      mode = 'refuse';
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      mode = 'refuse';
      for (const { client, server: upstream } of pairs) {
        client.destroy();
        upstream.destroy();
      }
      await closed;
    },
  };
};
