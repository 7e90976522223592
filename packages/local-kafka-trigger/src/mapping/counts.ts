import type { PollerOptions } from './options.ts';

export interface Counts {
  readonly invocations: number;
  /** Records in all invocations; a redelivered record counts again. */
  readonly delivered: number;
  readonly retriedRecords: number;
  /** Records that were given up and kept by the on-failure destination. */
  readonly toDestination: number;
  /** Records that were given up and dropped. */
  readonly dropped: number;
}

/** Adds counting to the callbacks of the settings. */
export const counting = <T extends Pick<PollerOptions, 'onBatch' | 'onGivenUp'>>(
  settings: T,
): T & { readonly counts: () => Counts } => {
  let counts: Counts = {
    invocations: 0,
    delivered: 0,
    retriedRecords: 0,
    toDestination: 0,
    dropped: 0,
  };
  return {
    ...settings,
    counts: () => counts,
    onBatch: (report, invocation) => {
      counts = {
        ...counts,
        invocations: counts.invocations + 1,
        delivered: counts.delivered + report.records,
        retriedRecords: counts.retriedRecords + report.retried,
      };
      settings.onBatch?.(report, invocation);
    },
    onGivenUp: (report) => {
      const kind = report.kept ? 'toDestination' : 'dropped';
      counts = { ...counts, [kind]: counts[kind] + report.records };
      settings.onGivenUp?.(report);
    },
  };
};
