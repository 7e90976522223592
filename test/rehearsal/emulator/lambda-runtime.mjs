// One invocation of a function, as Lambda's runtime for Node does it. The event comes as a line of JSON on standard input; the
// result or the error of the handler goes to a file. When standard input closes, the emulator has ended.
import dns from 'node:dns';
import { existsSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

// CloudFormation's response URLs are S3's, by https and without a port; here they are the emulator's, by http.
const answersTo = new URL(process.env.REHEARSAL_ANSWERS);
const secure = https.request;
https.request = (options, ...rest) =>
  options?.hostname === answersTo.hostname && !options.port
    ? http.request({ ...options, protocol: 'http:', port: answersTo.port }, ...rest)
    : secure(options, ...rest);

// A stage may not name a loopback address, so its servers have names under a reserved domain (RFC 2606).
const { lookup, resolve4, resolve6 } = dns;
const isHere = (name) => name.endsWith('.rehearsal.test');
const here = { address: '127.0.0.1', family: 4 };
dns.lookup = (name, ...rest) => {
  if (!isHere(name)) return lookup(name, ...rest);
  const answer = rest.pop();
  if (rest[0]?.all) answer(null, [here]);
  else answer(null, here.address, here.family);
};
dns.resolve4 = (name, ...rest) =>
  isHere(name) ? rest.pop()(null, [here.address]) : resolve4(name, ...rest);
dns.resolve6 = (name, ...rest) => (isHere(name) ? rest.pop()(null, []) : resolve6(name, ...rest));
syncBuiltinESMExports();

const lines = createInterface({ input: process.stdin });
const [line] = await new Promise((resolve) => {
  lines.once('line', (...given) => resolve(given));
});
lines.once('close', () => process.exit(1));
const { event, answer, folder, handler, name, arn, milliseconds } = JSON.parse(line);

const end = Date.now() + milliseconds;
const context = {
  functionName: name,
  invokedFunctionArn: arn,
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  logGroupName: `/aws/lambda/${name}`,
  logStreamName: 'rehearsal',
  getRemainingTimeInMillis: () => end - Date.now(),
};

const load = async () => {
  const [path, exported] = handler.split(/\.(?=[^.]+$)/);
  const file = join(folder, path);
  const loaded = existsSync(`${file}.mjs`)
    ? await import(pathToFileURL(`${file}.mjs`).href)
    : createRequire(pathToFileURL(`${file}.js`))(`${file}.js`);
  return loaded[exported];
};

let said;
try {
  said = { answer: (await (await load())(event, context)) ?? null };
} catch (error) {
  const {
    name: errorType = 'Error',
    message: errorMessage = String(error),
    stack = '',
  } = error ?? {};
  said = { error: { errorType, errorMessage, trace: stack.split('\n') } };
}
writeFileSync(answer, JSON.stringify(said));
process.exit();
