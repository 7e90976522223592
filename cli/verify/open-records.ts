import type { Open } from './findings-file.ts';

/** An event of the topic, as far as it may explain a row. */
export interface Explaining {
  readonly partition: number;
  readonly offset: number;
  /** The digest of the row's key, and that of the values. */
  readonly key: string;
  readonly values: string;
  /** True where it certainly has no row: it is late, or in the on-failure destination. */
  readonly isRowless: boolean;
}

/** A record that is explained, and whether by a later record of its partition: the other way round is unusual. */
export interface Explained {
  readonly open: Open;
  readonly byLater: boolean;
}

/**
 * The records whose rows hold what others have written, until the others are found: they may be read later, or stand in another partition.
 * Takes memory for each of them, and for nothing else.
 */
export class OpenRecords {
  readonly #byKey = new Map<string, Open[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(open: Open): void {
    const same = this.#byKey.get(open.key);
    if (same === undefined) this.#byKey.set(open.key, [open]);
    else same.push(open);
    this.#size += 1;
  }

  /**
   * Offers an event that was read. An open record is explained by another record with the values of the row; and by a later record of its
   * partition with the same key, whatever the row holds.
   * @returns the records that it explains. They are open no more.
   */
  offer(event: Explaining): Explained[] {
    const same = this.#byKey.get(event.key);
    if (same === undefined) return [];
    const explained: Explained[] = [];
    const rest = same.filter((open) => {
      const { partition, offset } = open.finding;
      if (partition === event.partition && offset === event.offset) return true;
      const byLater = partition === event.partition && offset < event.offset;
      const hasValues = open.found === event.values;
      const takesOver = byLater && open.otherwise === 'superseded' && !event.isRowless;
      if (!hasValues && !takesOver) return true;
      explained.push({ open, byLater });
      return false;
    });
    if (rest.length === 0) this.#byKey.delete(event.key);
    else this.#byKey.set(event.key, rest);
    this.#size -= explained.length;
    return explained;
  }

  /** The records that are open, in no order. */
  *all(): Generator<Open> {
    for (const same of this.#byKey.values()) yield* same;
  }
}
