import { type BuildOptions, buildSync } from 'esbuild';

/** How a function is bundled, for the deployment and for the local world alike. */
export const esbuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // cassandra-driver is CommonJS and calls require(), which an ES module has not.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  // Identifiers stay as they are: errors are known by the names of their classes, in logs and to the driver.
  minifyWhitespace: true,
  minifySyntax: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'error',
} as const satisfies BuildOptions;

/** Writes `index.mjs`, which exports `handler`, and its source map into a folder. */
export const bundle = (entry: string, folder: string): void => {
  buildSync({ ...esbuildOptions, entryPoints: [entry], outfile: `${folder}/index.mjs` });
};
