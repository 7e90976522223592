/** Variables of every function's process, for Node and for the C library below it. */
export const nodeEnvironment = {
  NODE_OPTIONS: '--enable-source-maps',
  // glibc gives each of V8's threads memory of its own (an arena, mallopt(3)), which none of them gives back: 8 MB of the ingest
  // function's. They work too little to wait for one another (docs/performance.md).
  MALLOC_ARENA_MAX: '1',
} as const;
