import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
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

/** Completes a bundle that esbuild has written: adds tables.cql, and leaves the project's own files in its source maps. */
export const completeBundle = (folder: string): void => {
  copyFileSync(join(import.meta.dirname, '../schema/tables.cql'), join(folder, 'tables.cql'));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.map')))
    leaveOutPackages(join(folder, name));
};

/** Leaves packages out of a source map: Node reads the map at each start, and most of the map is theirs. */
const leaveOutPackages = (file: string): void => {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const isPackage = map.sources.map((source: string) => source.includes('/node_modules/'));
  const names = new Map<number, number>();
  const lines = decode(map.mappings).map((segments) => {
    const kept: SourceMapSegment[] = [];
    for (const [column, source, line, sourceColumn, name] of segments) {
      if (source === undefined || isPackage[source]) {
        // A segment without a source ends the one before it, and says nothing behind another such segment.
        if ((kept.at(-1)?.length ?? 1) > 1) kept.push([column]);
        continue;
      }
      const position = [column, source, line as number, sourceColumn as number] as const;
      if (name === undefined) kept.push([...position]);
      else {
        if (!names.has(name)) names.set(name, names.size);
        kept.push([...position, names.get(name) as number]);
      }
    }
    return kept;
  });
  const trimmed = {
    ...map,
    sources: map.sources.map((source: string, index: number) => (isPackage[index] ? '' : source)),
    names: [...names.keys()].map((name) => map.names[name]),
    mappings: encode(lines),
  };
  writeFileSync(file, JSON.stringify(trimmed));
};

/** Writes a bundle into a folder. */
export const bundle = (entry: string, folder: string): void => {
  buildSync(bundleOptions(entry, folder));
  completeBundle(folder);
};
