import type { DeployConfig } from '../config.ts';

/** A mistake of a stage: the setting's path, and what is wrong with it, why, and what it was given as. */
export type Finding = readonly [path: string, what: string];

/** A rule about several settings together, or about one that the schema cannot state. */
export interface Guard {
  /** The settings that the guard reads: it does not look where any of these is wrong in itself. */
  readonly needs: readonly (keyof DeployConfig)[];
  readonly find: (config: DeployConfig) => readonly (Finding | false)[];
}
