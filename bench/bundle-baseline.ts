import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles a baseline as its own author would: one minified file for Node 24, without the shipped function's own settings
 * (kept class names, separate files for clients that are seldom loaded).
 * @returns the path of the bundle, which has the exports of the entry.
 */
export const bundleBaseline = async (entry: string, folder: string): Promise<string> => {
  await build({
    entryPoints: { index: entry },
    outdir: folder,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // cassandra-driver is CommonJS and calls require(), which an ES module lacks.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'error',
  });
  return join(folder, 'index.mjs');
};
