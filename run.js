// The first script of a fresh clone. It runs on whatever Node the machine has (20 or newer), installs the
// pinned packages when they are missing or out of date, and hands over to the Node that they bring.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const node = join(root, 'node_modules', 'node', 'bin', 'node');
const stamp = join(root, 'node_modules', '.installed');

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  process.stderr.write(`Node 20 or newer is needed to begin; this is ${process.version}.\n`);
  process.exit(1);
}

// The lock file's digest, written after npm install has succeeded: an install that was cut short has none.
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(node);

if (!installed) {
  process.stderr.write('Installing packages (npm install) …\n');
  // As the lock file says, and without changing it. Not `npm ci`: it refuses a lock file that lacks optional packages
  // of other platforms, and npm leaves out of it those that the registry it was made with did not have.
  // The Node that begins may be older than what packages ask for; they run on the one they bring.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (install.error !== undefined || install.status !== 0) {
    const why = install.error === undefined ? `exit code ${install.status}` : install.error.message;
    process.stderr.write(
      `npm install failed (${why}): see its output above; free disk space and the npm registry are the usual reasons.\n`,
    );
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

// Node itself would answer a file that is no JSON with a stack trace.
for (const name of readdirSync(join(root, 'schema')).filter((file) => file.endsWith('.json')))
  try {
    JSON.parse(readFileSync(join(root, 'schema', name), 'utf8'));
  } catch (error) {
    process.stderr.write(`schema/${name} is no JSON: ${error.message}\n`);
    process.exit(1);
  }

// Scripts call their tools (cdk, biome, knip) by name: they must find the pinned ones, on the pinned Node.
const path = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
const child = spawn(node, process.argv.slice(2), {
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
// Also a signal that is sent to this process alone must reach the child.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
