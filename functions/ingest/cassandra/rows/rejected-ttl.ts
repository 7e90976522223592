import { IngestError } from '../../pipeline/errors.ts';
import { latestExpiryOf } from '../refusals/classify.ts';

/**
 * Seconds that a shortened expiry stays before the last one that the server stores: its clock may be ahead of this one, and
 * it reads its clock after the row was made.
 */
const marginSeconds = 3_600;

/** How long a rejected record is kept: as long as the setting says, or as long as the server is able to. */
export interface RejectedTtl {
  /**
   * Seconds for a row that is written now; 0 keeps it for ever.
   * @param now milliseconds since the epoch.
   */
  seconds(now: number): number;
  /**
   * Learns from a refused write which expiry is the last that the server stores.
   * @param tried seconds that the row had.
   * @param now milliseconds since the epoch.
   * @returns whether `seconds` is shorter now than what was tried: then the row can be written.
   */
  learn(error: unknown, tried: number, now: number): boolean;
}

/**
 * Cassandra stores no expiry after 2038-01-19, unless it is told to (storage_compatibility_mode: NONE). What it refuses is
 * learned from its answer, for the life of the environment, and said once.
 * @param asked seconds of REJECTED_TTL_DAYS.
 * @param warn writes a line of the log.
 */
export const rejectedTtl = (asked: number, warn: (line: object) => void): RejectedTtl => {
  let latestExpiry = Number.POSITIVE_INFINITY;

  const seconds = (now: number): number => {
    const most = latestExpiry - Math.ceil(now / 1000) - marginSeconds;
    // A row whose time is up is refused, and waits: a TTL of seconds would lose it, and no TTL would keep it for ever.
    return most < 1 ? asked : Math.min(asked, most);
  };

  return {
    seconds,
    learn(error, tried, now) {
      const told = error instanceof IngestError ? latestExpiryOf(error) : null;
      if (told === null) return false;
      const isNews = told < latestExpiry;
      latestExpiry = Math.min(latestExpiry, told);
      const shorter = seconds(now);
      if (shorter >= tried) return false;
      if (isNews)
        warn({
          level: 'WARN',
          message:
            `rejected records are kept for ${inDays(shorter)} instead of ${inDays(asked)}, and for one less each day: ` +
            `the server stores no expiry after ${new Date(latestExpiry * 1000).toISOString()}. Lower REJECTED_TTL_DAYS`,
        });
      return true;
    },
  };
};

const inDays = (seconds: number): string => `${Math.floor(seconds / 86_400)} days`;
