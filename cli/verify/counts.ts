/** How many records have become what. The names are those of the findings file. */
export class Counts {
  readonly #counts: Map<string, number>;

  constructor(counts: Readonly<Record<string, number>> = {}) {
    this.#counts = new Map(Object.entries(counts));
  }

  add(name: CountName, more = 1): void {
    if (more !== 0) this.#counts.set(name, this.of(name) + more);
  }

  of(name: CountName): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Sums the counts of rejected records, by their reasons. */
  rejected(): ReadonlyMap<string, number> {
    const reasons = new Map<string, number>();
    for (const [name, count] of this.#counts)
      if (name.startsWith(rejected)) reasons.set(name.slice(rejected.length), count);
    return reasons;
  }

  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}

const rejected = 'rejected ';

type CountName =
  /** Records that were read from the topic, also those before the range that was asked for. */
  | 'read'
  /** Records of the range that are not in the sample. */
  | 'not in the sample'
  | 'matched'
  /** Matched or rejected records of which the topic does not show that they are right. */
  | 'on trust'
  | 'superseded'
  /** Superseded records whose row does not hold a later record of their partition. */
  | 'superseded otherwise'
  | `rejected ${string}`
  | 'expired'
  | 'missing'
  | 'different'
  | 'kept'
  | 'cannot tell'
  /** Records that could not be looked at, though they had to be: they are findings that cannot be told. */
  | 'not looked at'
  /** Offsets beyond the checkpoint. */
  | 'waiting'
  /** Offsets of the range whose records the topic does not have any more. */
  | 'gone'
  /** Offsets of the range that the topic did not give. */
  | 'unread';
