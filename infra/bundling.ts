import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { insertParentheses, parenthesesAroundModules } from './eager-modules.ts';
import { ownSourceMap } from './own-source-map.ts';
import { version } from './release.ts';

/** esbuild's options for a function's bundle, the same for the deployment and for local runs. */
const esbuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Modules imported dynamically (clients of AWS) become files of their own, which are read only when a setting needs them.
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // ES modules where a package has them (the AWS SDK does): esbuild then leaves out unused code, half of what a start
  // with a secret would read.
  mainFields: ['module', 'main'],
  alias: {
    'node:http': join(import.meta.dirname, 'node-http.js'),
    'adm-zip': join(import.meta.dirname, 'no-adm-zip.js'),
    long: join(import.meta.dirname, 'long.cjs'),
  },
  // cassandra-driver is CommonJS and calls require(), which an ES module lacks. The imported name collides with no package's.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  // Classes keep their names: logs and the driver identify errors by them.
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  // The commit is a variable of the function instead: in the bundle it would make each commit another asset (docs/decisions/0018).
  define: { BUNDLED_VERSION: JSON.stringify(version) },
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Makes the options of a bundle: `index.mjs`, which exports `handler`, files that are loaded on demand, and source maps. */
export const bundleOptions = (entry: string, folder: string) => ({
  ...esbuildOptions,
  entryPoints: { index: entry },
  outdir: folder,
});

/**
 * Completes a bundle that esbuild has written: adds tables.cql, lets V8 compile the packages at once, and leaves the project's own
 * files in the source maps.
 */
export const completeBundle = (folder: string): void => {
  copyFileSync(join(import.meta.dirname, '../schema/tables.cql'), join(folder, 'tables.cql'));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mjs'))) {
    const file = join(folder, name);
    const code = readFileSync(file, 'utf8');
    const parentheses = parenthesesAroundModules(code);
    writeFileSync(file, insertParentheses(code, parentheses));
    const mapFile = `${file}.map`;
    if (!existsSync(mapFile)) continue;
    const map = JSON.parse(readFileSync(mapFile, 'utf8'));
    writeFileSync(mapFile, JSON.stringify(ownSourceMap(map, parentheses)));
  }
};

/** Writes a bundle into a folder. */
export const bundle = (entry: string, folder: string): void => {
  buildSync(bundleOptions(entry, folder));
  completeBundle(folder);
};
