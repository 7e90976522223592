import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and makes their connections as bad as networks can. */
export interface TcpProxy extends AsyncDisposable {
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Connections that are open to it. */
  readonly connections: () => number;
  /** Answers of the server that are held back now. */
  readonly held: () => number;
  /** As if it were not there, also for the connections that are open. */
  pass(): void;
  /** Every connection stays open, is accepted and never answered: what is sent is lost, as on a dead route. */
  blackHole(): void;
  /** What comes from the server is held back so long, in milliseconds. */
  delay(milliseconds: number): void;
  /** Ends the connections that are open with RST. */
  reset(): void;
  /** As long as it refuses, every connection that is made is ended with RST. */
  refuse(): void;
}

type Mode = 'pass' | 'black-hole' | 'refuse';

/** A connection through the proxy. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Something of it was lost: what follows would make no sense to the other side. */
  lost: boolean;
}

/** @param target `host:port`. */
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
      // What is held back less must not overtake what is held back more.
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
        // A dead route does not say that the other side has gone.
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
      // Nor does anybody hear what was under way.
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
