import type { Difference } from '../../local/dataset/comparison.ts';
import type { At, Ledger } from './ledger.ts';

/**
 * The strictness of a round's judgement. `exact`: every row is what the stream alone demands. `zombies`: if two invocations had
 * the same records at once, the older may have been the last to write its checkpoint, or a row of one key. Then fewer events
 * may be late, and any of several events with one row key may be stored. None may be lost, wrong or wrongly late.
 */
export type Strictness = 'exact' | 'zombies';

export interface Judgement {
  lost: number;
  wrong: number;
  wronglyLate: number;
  /** The number of rows of zombie rounds that differ in an allowed way. */
  tolerated: number;
  /** The late events among them whose row stands in both tables. */
  inBoth: number;
  readonly examples: string[];
}

/** The number of examples shown of each kind. */
const examplesShown = 8;

/** Judges differences. @param destination the records of the on-failure destination, whose rows may exist or not. */
export const judgeDifferences = (
  differences: readonly Difference[],
  { expectedTables, keys, digests, late }: Ledger,
  destination: ReadonlySet<At>,
  strictness: Strictness,
): Judgement => {
  const judgement: Judgement = {
    lost: 0,
    wrong: 0,
    wronglyLate: 0,
    tolerated: 0,
    inBoth: 0,
    examples: [],
  };
  const of = (table: string, kind: Difference['kind']): ReadonlySet<string> =>
    new Set(differences.filter((one) => one.table === table && one.kind === kind).map(keyOf));
  const missingEvents = of('user_events', 'missing');
  const addedEvents = of('user_events', 'unexpected');
  const missingRejected = of('rejected_events', 'missing');
  const rejectedLate = new Set(
    differences
      .filter((one) => one.table === 'rejected_events' && one.found?.startsWith('late '))
      .filter((one) => one.kind === 'unexpected' || !one.due?.startsWith('late '))
      .map(keyOf),
  );
  const zombies = strictness === 'zombies';
  const keysOf = (records: Iterable<At>): ReadonlySet<string> =>
    new Set([...records].flatMap((one) => keys.get(one) ?? []));
  const keysGivenUp = keysOf(destination);
  const keysLate = keysOf(late);
  const keysWronglyLate = keysOf(rejectedLate);
  const stands = (key = ''): boolean =>
    addedEvents.has(key) || (expectedTables.userEvents.has(key) && !missingEvents.has(key));

  const count = (kind: 'lost' | 'wrong' | 'wronglyLate' | 'tolerated', one: Difference): void => {
    judgement[kind] += 1;
    if (kind === 'tolerated' || judgement[kind] > examplesShown) return;
    const found = one.found === undefined ? 'nothing' : one.found;
    judgement.examples.push(
      `${kind}: ${one.table} ${one.key} has ${found}, must have ${one.due ?? 'nothing'}`,
    );
  };
  const isOneOf = ({ key, found = '' }: Difference): boolean =>
    digests.get(key)?.has(found) === true;

  const judge = (one: Difference): Parameters<typeof count>[0] => {
    const { table, kind, key } = one;
    if (table === 'user_events') {
      if (kind === 'missing') return keysWronglyLate.has(key) ? 'wronglyLate' : 'lost';
      // Two events share the key, and one of them is given up or late: either may have been written last.
      const open = keysGivenUp.has(key) || (zombies && (kind === 'different' || keysLate.has(key)));
      return open && isOneOf(one) ? 'tolerated' : 'wrong';
    }
    if (table === 'rejected_events') {
      if (kind === 'missing')
        return zombies && late.has(key) && stands(keys.get(key)) ? 'tolerated' : 'lost';
      if (destination.has(key)) return 'tolerated';
      if (rejectedLate.has(key)) return 'wronglyLate';
      // A lower maximum makes the event less late, but late all the same.
      return zombies && late.has(key) && one.found?.startsWith('late ') === true
        ? 'tolerated'
        : 'wrong';
    }
    return zombies && kind === 'different' && isLower(one) ? 'tolerated' : 'wrong';
  };

  for (const one of differences) {
    const kind = judge(one);
    // The unexpected row counts; the missing row of the same event does not.
    if (kind === 'wronglyLate' && one.kind === 'missing') continue;
    count(kind, one);
  }
  for (const one of late)
    if (!missingRejected.has(one) && addedEvents.has(keys.get(one) ?? '')) judgement.inBoth += 1;
  return judgement;
};

const keyOf = ({ key }: Difference): string => key;

/** Tells whether both numbers of a checkpoint, `next 5, max 17`, are at most the expected ones. */
const isLower = ({ found = '', due = '' }: Difference): boolean => {
  const numbers = (text: string): number[] => [...text.matchAll(/-?\d+/g)].map(Number);
  const [next = Number.NaN, max = Number.NEGATIVE_INFINITY] = numbers(found);
  const [dueNext = Number.NaN, dueMax = Number.NEGATIVE_INFINITY] = numbers(due);
  return next <= dueNext && max <= dueMax;
};
