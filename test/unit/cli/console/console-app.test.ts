import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { consoleApp } from '../../../../cli/console/console-app.ts';
import { UserFacingError } from '../../../../cli/terminal/user-facing-error.ts';

const host = '127.0.0.1:8123';
const token = 'the-token-of-this-run';

const app = consoleApp({
  token,
  hosts: [host],
  files: new Map([['/', { type: 'text/html; charset=utf-8', body: '<p>page</p>' }]]),
  targetOptions: ['--stage', 'prod'],
  context: {
    signal: new AbortController().signal,
    caller: async () => 'a test',
    openTarget: async () => {
      throw new UserFacingError('No pipeline runs here.');
    },
  },
});

const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(`http://${host}${path}`, { headers: { host, ...headers } });
const user = '/api/user?id=00000000-0000-4000-8000-000000000001';

test('the page is served without a token, and nothing but its own files may run in it', async () => {
  const answer = await get('/');
  strictEqual(answer.status, 200);
  strictEqual(await answer.text(), '<p>page</p>');
  const policy = answer.headers.get('content-security-policy') ?? '';
  match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/);
  ok(!policy.includes('unsafe'));
  strictEqual(answer.headers.get('cache-control'), 'no-store');
  strictEqual(answer.headers.get('x-content-type-options'), 'nosniff');
  strictEqual(answer.headers.get('referrer-policy'), 'no-referrer');
});

for (const [what, headers] of [
  ['without a token', {}],
  ['with another token of the same length', { 'x-console-token': 'a'.repeat(token.length) }],
  ['with a longer token', { 'x-console-token': `${token}x` }],
] as const)
  test(`no data are given ${what}`, async () => {
    const answer = await get(user, headers);
    strictEqual(answer.status, 401);
    deepStrictEqual(Object.keys((await answer.json()) as object), ['error']);
  });

test('a request by another name of this machine is refused, so that no page of others can point a name here', async () => {
  for (const other of ['evil.example:8123', '127.0.0.1', '127.0.0.1:8124', ''])
    strictEqual((await get(user, { host: other, 'x-console-token': token })).status, 403, other);
});

test('a request from a page of others is refused, even with the token', async () => {
  for (const origin of ['http://evil.example', 'null', `https://${host}`])
    strictEqual((await get(user, { origin, 'x-console-token': token })).status, 403);
  strictEqual((await get('/', { origin: `http://${host}` })).status, 200);
});

test('nothing can be written: other methods, and commands that write, are not found', async () => {
  for (const path of ['/api/redrive', '/api/forget', '/api/none'])
    strictEqual((await get(path, { 'x-console-token': token })).status, 404);
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const headers = { host, 'x-console-token': token };
    const answer = await app.request(`http://${host}${user}`, { method, headers });
    strictEqual(answer.status, 404, method);
  }
});

test('what a command says of its failure is given to the page', async () => {
  const answer = await get(user, { 'x-console-token': token });
  strictEqual(answer.status, 502);
  deepStrictEqual(await answer.json(), { error: 'No pipeline runs here.' });
});

test('the console of a pipeline that is reached by its function has the function run each command', async () => {
  const run: (readonly string[])[] = [];
  const byFunction = consoleApp({
    token,
    hosts: [host],
    files: new Map(),
    targetOptions: ['--stage', 'prod', '--via-function'],
    context: {
      signal: new AbortController().signal,
      caller: async () => 'a test',
      openTarget: () => Promise.reject(new Error('the pipeline is not reached from here')),
      async viaFunction({ output }, words) {
        run.push(words);
        output.print('{"partition":0}');
        return 0;
      },
    },
  });
  const answer = await byFunction.request(`http://${host}/api/partitions`, {
    headers: { host, 'x-console-token': token },
  });
  deepStrictEqual(run, [['partitions', '--stage', 'prod', '--via-function', '--json']]);
  deepStrictEqual(await answer.json(), {
    command: 'npx user-events partitions --stage prod --via-function',
    target: ['--stage', 'prod', '--via-function'],
    exitCode: 0,
    lines: [{ partition: 0 }],
    told: [],
  });
});

test('a mistake in a parameter is told, with the exit code of a command that could not look', async () => {
  const answer = await get(`${user}&from=yesterday`, { 'x-console-token': token });
  const { exitCode, told, command, target } = (await answer.json()) as {
    exitCode: number;
    told: string[];
    command: string;
    target: string[];
  };
  strictEqual(exitCode, 2);
  match(told.join('\n'), /It must be a time in UTC/);
  strictEqual(
    command,
    'npx user-events user --from=yesterday --stage prod 00000000-0000-4000-8000-000000000001',
  );
  deepStrictEqual(target, ['--stage', 'prod']);
});

test('an argument that looks like an option stays an argument in the command that is shown', async () => {
  const answer = await get('/api/user?id=--out%3D/tmp/x&type=-x', { 'x-console-token': token });
  const { error } = (await answer.json()) as { error: string };
  match(error, /A user is a uuid, .* \(given "--out=\/tmp\/x"\)/);
  const help = await get('/api/trace?record=-h&back=x', { 'x-console-token': token });
  const { command } = (await help.json()) as { command: string };
  strictEqual(command, 'npx user-events trace --back=x --stage prod -- -h');
});

test('a path or a parameter that is no text is a request like another, and not found or refused', async () => {
  for (const path of ['/%', '/%00', '/..%2f..%2fpackage.json', '/%E0%A4%A'])
    strictEqual((await get(path)).status, 404, path);
  for (const path of ['/api/%', '/api/%00', '/api/%2e%2e%2fuser'])
    strictEqual((await get(path, { 'x-console-token': token })).status, 404, path);
  for (const id of ['%', '%00', '%E0%A4%A', '%0d%0aset-cookie:x']) {
    const answer = await get(`/api/user?id=${id}`, { 'x-console-token': token });
    strictEqual(answer.status, 502, id);
    match(JSON.stringify(await answer.json()), /A user is a uuid/);
  }
});

test('no file of this machine is served but those of the page', async () => {
  for (const path of ['/package.json', '/../package.json', '/%2e%2e/package.json', '//etc/passwd'])
    strictEqual((await get(path)).status, 404);
});
