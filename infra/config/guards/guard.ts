import type { PipelineSettings } from '../pipeline.ts';

/** A mistake of a stage or of a construct's props: the setting's path; and what it must be, why, and what it was given as. */
export type Finding = readonly [path: string, what: string];

/** A rule about several settings together, or about one setting that the schema cannot state. */
export interface Guard<Settings = PipelineSettings> {
  /** The settings that the guard reads. It does not run if one of these is wrong in itself. */
  readonly needs: readonly (keyof Settings)[];
  readonly find: (settings: Settings) => readonly (Finding | false)[];
}
