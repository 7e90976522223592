/** Variables of every function's process, for Node and for the C library below it. */
export const nodeEnvironment = {
  NODE_OPTIONS: '--enable-source-maps',
  // glibc gives threads arenas of memory of their own (mallopt(3)); with one for all, the ingest function takes 8 to 9 MB less, for
  // the same CPU (docs/performance.md).
  MALLOC_ARENA_MAX: '1',
} as const;

/** Every variable of a function as it is deployed: those of each process, and its own. */
export const processEnvironment = (
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({ ...nodeEnvironment, ...own });
