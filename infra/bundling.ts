import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

/** How a function is bundled, for the deployment and for the local world alike. */
const esbuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // What is imported only where a setting asks for it (clients of AWS) is a file of its own, and is not even read elsewhere.
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // ES modules where a package has them too, as the AWS SDK does: what is not used of it is left out, half of what a start
  // with a secret reads.
  mainFields: ['module', 'main'],
  alias: {
    'node:http': join(import.meta.dirname, 'node-http.js'),
    'adm-zip': join(import.meta.dirname, 'no-adm-zip.js'),
    long: join(import.meta.dirname, 'long.cjs'),
  },
  // cassandra-driver is CommonJS and calls require(), which an ES module has not. Under a name that no package takes.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  // Classes keep their names: errors are known by them, in logs and to the driver.
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Of a bundle: `index.mjs`, which exports `handler`, the files that it loads when they are needed, and source maps. */
export const bundleOptions = (entry: string, folder: string) => ({
  ...esbuildOptions,
  entryPoints: { index: entry },
  outdir: folder,
});

/** Puts what a bundle reads when it starts beside it: the tables, from which the plan of rows is compiled. */
export const copyTables = (folder: string): void =>
  copyFileSync(join(import.meta.dirname, '../schema/tables.cql'), join(folder, 'tables.cql'));

/** Writes a bundle into a folder. */
export const bundle = (entry: string, folder: string): void => {
  buildSync(bundleOptions(entry, folder));
  copyTables(folder);
};
