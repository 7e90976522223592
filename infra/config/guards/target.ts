import type { Guard } from './guard.ts';

/** Demands account and region of every stage but a demo. */
export const target = (['account', 'region'] as const).map(
  (name): Guard => ({
    needs: [name],
    // The source is not among the needs: it may be wrong, or missing.
    find: ({ source, ...given }) => [
      Object(source).kind !== 'demo' &&
        given[name] === undefined && [
          name,
          `must be given, so that the stage is deployed to no other ${name} (not given)`,
        ],
    ],
  }),
);
