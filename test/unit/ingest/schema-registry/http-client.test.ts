import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import {
  HttpClient,
  largestBody,
} from '../../../../functions/ingest/schema-registry/http-client.ts';

const serve = async (listener: RequestListener) => {
  const server = createServer(listener);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const http = new HttpClient();
  const get = (signal = new AbortController().signal) =>
    http.get(
      new URL(`http://127.0.0.1:${port}/a`),
      { headers: { accept: 'x/y' }, tls: {} },
      signal,
    );
  return {
    get,
    sockets,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
};

test('an answer has its status, its body and the header of a redirect, which is not followed', async () => {
  const asked: unknown[] = [];
  await using server = await serve(({ method, url, headers }, response) => {
    asked.push([method, url, headers.accept]);
    response.writeHead(302, { location: '/b' }).end('ä');
  });
  deepStrictEqual(await server.get(), { status: 302, body: 'ä', tooLarge: false, location: '/b' });
  deepStrictEqual(asked, [['GET', '/a', 'x/y']]);
});

for (const [status, most] of [
  [200, largestBody],
  [404, 64 * 1024],
] as const)
  test(`a body of status ${status} with more than ${most} bytes is too large, and one of just as many is not`, async () => {
    let length = most;
    await using server = await serve((_, response) =>
      response.writeHead(status).end(Buffer.alloc(length, 'x')),
    );
    const whole = await server.get();
    deepStrictEqual([whole.body.length, whole.tooLarge], [most, false]);
    length += 1;
    strictEqual((await server.get()).tooLarge, true);
  });

test('questions one after the other share a connection, and none is kept behind the last', async () => {
  await using server = await serve((_, response) => response.end('x'));
  await server.get().then(() => server.get());
  strictEqual(server.sockets.length, 1);
  const [socket] = server.sockets;
  if (socket?.destroyed === false) await once(socket, 'close');
});

test('a question that is aborted while it waits for the answer rejects with the signal’s reason', async () => {
  const abort = new AbortController();
  await using server = await serve(() => abort.abort());
  await rejects(server.get(abort.signal), { name: 'AbortError' });
});

test('a connection that breaks within the answer rejects', async () => {
  await using server = await serve(({ socket }, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('x', () => socket.destroy());
  });
  await rejects(server.get(), { code: 'ECONNRESET' });
});
