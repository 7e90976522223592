import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

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
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Makes the options of a bundle: `index.mjs`, which exports `handler`, files that are loaded on demand, and source maps. */
export const bundleOptions = (entry: string, folder: string) => ({
  ...esbuildOptions,
  entryPoints: { index: entry },
  outdir: folder,
});

/** Copies tables.cql beside a bundle, which compiles its plan of rows from it at its start. */
export const copyTables = (folder: string): void =>
  copyFileSync(join(import.meta.dirname, '../schema/tables.cql'), join(folder, 'tables.cql'));

/** Writes a bundle into a folder. */
export const bundle = (entry: string, folder: string): void => {
  buildSync(bundleOptions(entry, folder));
  copyTables(folder);
};
