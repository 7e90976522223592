import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTcpProxy } from '../../../../local/servers/tcp-proxy.ts';

/** A server that answers every chunk with itself, behind a proxy. */
const echoing = async () => {
  await using opened = new AsyncDisposableStack();
  const sockets: Socket[] = [];
  const server = opened.use(
    createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.pipe(socket);
    }),
  );
  opened.defer(() => {
    for (const socket of sockets) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = opened.use(await startTcpProxy(`127.0.0.1:${port}`));
  const owned = opened.move();
  const connect = async (): Promise<Socket> => {
    const socket = createConnection(Number(proxy.address.split(':')[1]), '127.0.0.1');
    owned.defer(() => void socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return { proxy, sockets, connect, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

const timeout = () => ({ signal: AbortSignal.timeout(5_000) });

const asked = async (socket: Socket, text: string): Promise<string> => {
  const answer = once(socket, 'data');
  socket.write(text);
  return String((await answer)[0]);
};

test('bytes that are sent through the proxy arrive, and the end of either side is the end of the other', async () => {
  await using world = await echoing();
  const client = await world.connect();
  strictEqual(await asked(client, 'hello'), 'hello');
  const gone = once(client, 'close');
  world.sockets[0]?.destroy();
  await gone;
  strictEqual(world.proxy.connections(), 0);
});

test('in a black hole connections stay open and are never answered; later ones are', async () => {
  await using world = await echoing();
  const client = await world.connect();
  strictEqual(await asked(client, 'before'), 'before');
  world.proxy.blackHole();
  const heard: string[] = [];
  client.on('data', (chunk) => heard.push(String(chunk)));
  client.write('lost');
  const during = await world.connect();
  during.on('data', (chunk) => heard.push(String(chunk)));
  during.write('lost');
  world.sockets[0]?.destroy(); // Its end is not heard of.
  world.proxy.pass();
  client.write('still lost');
  // An answer that comes the same way has had time to.
  strictEqual(await asked(await world.connect(), 'after'), 'after');
  deepStrictEqual(heard, []);
  ok(!client.destroyed && !during.destroyed);
});

test('a reset ends connections with an error; while it refuses, none can be had', async () => {
  await using world = await echoing();
  const client = await world.connect();
  strictEqual(await asked(client, 'x'), 'x');
  const failed = once(client, 'error');
  world.proxy.reset();
  match(String((await failed)[0]), /ECONNRESET/);
  world.proxy.refuse();
  // Some systems say so while it connects, some when it is connected.
  await rejects(world.connect().then((refused) => once(refused, 'data', timeout())));
  world.proxy.pass();
  strictEqual(await asked(await world.connect(), 'y'), 'y');
});

test('answers that are held back come late, all and in their order', async () => {
  await using world = await echoing();
  const client = await world.connect();
  let heard = '';
  client.on('data', (chunk) => {
    heard += String(chunk);
  });
  world.proxy.delay(150);
  const began = performance.now();
  client.write('1');
  while (world.proxy.held() === 0) await delay(1);
  world.proxy.pass();
  client.write('2');
  while (heard.length < 2) await delay(1);
  strictEqual(heard, '12');
  ok(performance.now() - began >= 149);
});
