/** The values beyond which something is wrong. Those that alarms of a stage have are the defaults of `alarms` there. */
export interface Limits {
  /** The records that a partition may be behind. */
  readonly lag: number;
  /** How old the newest event of a partition may be while its records wait, in milliseconds. */
  readonly behindMs: number;
  /** How long a partition may stand still while its records wait, in milliseconds. */
  readonly waitMs: number;
  /** The percentage of an hour’s records that may be rejected, late ones not counted. */
  readonly rejectedPercent: number;
  /** The percentage of an hour’s records that may be late. */
  readonly latePercent: number;
}

export const usualLimits: Limits = {
  lag: 100_000,
  behindMs: 3_600_000,
  waitMs: 600_000,
  rejectedPercent: 1,
  latePercent: 10,
};
