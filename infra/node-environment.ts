/** Variables of every function's process, for Node and for the C library below it. */
export const nodeEnvironment = {
  NODE_OPTIONS: '--enable-source-maps',
  // glibc gives threads arenas of memory of their own (mallopt(3)); with one for all, the ingest function takes 8 to 9 MB less, for
  // the same CPU (docs/performance.md).
  MALLOC_ARENA_MAX: '1',
} as const;
