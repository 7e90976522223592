/** The variables of every function's process, for Node and for the C library. */
export const nodeEnvironment = {
  NODE_OPTIONS: '--enable-source-maps',
  // glibc gives each thread a memory arena (mallopt(3)). With one arena for all, the ingest function takes 8 to 9 MB less at
  // the same CPU (docs/performance.md).
  MALLOC_ARENA_MAX: '1',
} as const;

/** Makes all variables of a deployed function: those of every process, and its own. */
export const processEnvironment = (
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({ ...nodeEnvironment, ...own });
