import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from './package.json' with { type: 'json' };

const home = import.meta.dirname;
const root = join(home, '../..');

/** Writes the package into a folder, as it is published: JavaScript, for Node strips no types in node_modules, types and pages. */
export const buildPackage = (dist: string): void => {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  execFileSync(
    join(root, 'node_modules/.bin/tsc'),
    ['-p', join(home, 'tsconfig.build.json'), '--outDir', dist],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  cpSync(join(home, 'src/watchdog/watchdog.js'), join(dist, 'watchdog/watchdog.js'));
  // The compiler rewrites the imports of code, and leaves those of declarations.
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    const text = readFileSync(join(dist, file), 'utf8');
    writeFileSync(
      join(dist, file),
      text.replaceAll(/(?<=(?:from|import\()\s*['"]\.[^'"]*)\.ts(?=['"])/g, '.js'),
    );
  }
  for (const page of ['README.md', 'conformance.md']) cpSync(join(home, page), join(dist, page));
  cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));
  const { private: _, scripts: __, devDependencies: ___, exports: ____, ...own } = manifest;
  const published = {
    ...own,
    bin: { [own.name]: './bin.js' },
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './package.json': './package.json',
    },
  };
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
};
