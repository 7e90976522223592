import type { DeployConfig } from '../stage.ts';

/** A mistake of a stage: the setting's path; and what it must be, why, and what it was given as. */
export type Finding = readonly [path: string, what: string];

/** A rule about several settings together, or about one setting that the schema cannot state. */
export interface Guard {
  /** The settings that the guard reads. It does not run if one of these is wrong in itself. */
  readonly needs: readonly (keyof DeployConfig)[];
  readonly find: (config: DeployConfig) => readonly (Finding | false)[];
}
