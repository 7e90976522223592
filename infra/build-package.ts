import { execFileSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import manifest from '../package.json' with { type: 'json' };
import { bundleCommandLine, commandLineFile } from './build-command-line.ts';
import { writeFunction } from './function-code/write-function.ts';
import { commitOf } from './release.ts';

const root = join(import.meta.dirname, '..');

/** What the app brings. */
const peers = ['aws-cdk-lib', 'constructs'] as const;

/** The demo's producer is deployed by a stage of this project alone. */
const notInPackage = 'produce';

const bundleConstruct = (dist: string): void => {
  buildSync({
    entryPoints: [join(root, 'infra/index.ts')],
    outfile: join(dist, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['built'],
    mainFields: ['module', 'main'],
    define: {
      'import.meta.dirname': '__dirname',
      'process.env.BUILT_COMMIT': JSON.stringify(commitOf()),
    },
    external: peers.flatMap((name) => [name, `${name}/*`]),
    keepNames: true,
    logLevel: 'error',
  });
  cpSync(join(root, 'schema/tables.cql'), join(dist, 'tables.cql'));
};

const bundleFunctions = (dist: string): void => {
  for (const handler of globSync('functions/*/handler.ts', { cwd: root })) {
    const folder = basename(dirname(handler));
    if (folder !== notInPackage) writeFunction(folder, join(dist, 'functions', folder));
  }
};

/** Finds the modules that a declaration imports. */
const imports = (declaration: string): readonly string[] =>
  [...declaration.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name);

/** Writes the declarations that those of the construct lead to. @throws where one needs a package that an app does not have. */
const writeDeclarations = (dist: string): void => {
  const emitted = mkdtempSync(join(tmpdir(), 'declarations-'));
  try {
    execFileSync(
      join(root, 'node_modules/.bin/tsc'),
      ['-p', join(root, 'infra/tsconfig.build.json'), '--outDir', emitted],
      {
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    );
    const files = new Set([join(emitted, 'infra/index.d.ts')]);
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      for (const name of imports(text))
        if (name.startsWith('.')) files.add(resolve(dirname(file), name.replace(/\.ts$/, '.d.ts')));
        else if (!peers.some((peer) => name === peer || name.startsWith(`${peer}/`)))
          throw new Error(
            `${relative(emitted, file)} imports ${name}, which the package does not bring`,
          );
      const to = join(dist, 'types', relative(emitted, file));
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(
        to,
        text.replaceAll(/(?<=(?:from|import\()\s*['"]\.[^'"]*)\.ts(?=['"])/g, '.js'),
      );
    }
  } finally {
    rmSync(emitted, { recursive: true });
  }
};

const writeManifest = (dist: string): void => {
  const { name, version, description, license, private: isPrivate, devDependencies } = manifest;
  const types = './types/infra/index.d.ts';
  const main = './index.js';
  const own = {
    ...{ name, version, description, license, private: isPrivate },
    type: 'commonjs',
    engines: { node: '>=20' },
    main,
    types,
    bin: { 'user-events': commandLineFile },
    exports: { '.': { types, default: main }, './package.json': './package.json' },
    peerDependencies: Object.fromEntries(peers.map((peer) => [peer, `^${devDependencies[peer]}`])),
  };
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  // Alarms link to the runbooks by this path.
  for (const page of ['README.md', 'docs/operations.md'])
    cpSync(join(root, page), join(dist, page));
};

/**
 * Writes the package into a folder of its own, so that an app which installs it gets neither this project's tools nor the packages that
 * its functions bundle. It is CommonJS, which apps of both kinds can load.
 */
export const buildPackage = (dist: string): void => {
  rmSync(dist, { recursive: true, force: true });
  bundleConstruct(dist);
  bundleFunctions(dist);
  bundleCommandLine(dist);
  writeDeclarations(dist);
  writeManifest(dist);
};
