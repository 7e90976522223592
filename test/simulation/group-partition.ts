import {
  type AssignedPartition,
  append,
  assignedPartition,
} from '../../local/event-source-mapping/assigned-partition.ts';
import type { WaitingRecord } from '../../local/event-source-mapping/batch.ts';
import type { Fate } from './oracle.ts';

/** A partition as one member of the group has it, with all records fetched that were not committed. */
export interface Assigned extends AssignedPartition {
  readonly of: GroupPartition;
}

/** A partition of the topic, and what the consumer group knows about it. */
export class GroupPartition {
  readonly number: number;
  readonly fates: readonly Fate[];
  /** The offset that the next member begins at. */
  committed = 0;
  /** How many of its records were delivered at least once. */
  delivered = 0;
  /** The assignment to the present member. Any other is a former member's. */
  assigned: Assigned;
  readonly #records: readonly WaitingRecord[];

  constructor(number: number, fates: readonly Fate[]) {
    this.number = number;
    this.fates = fates;
    this.#records = fates.map(({ index, stream: { record } }) => ({
      offset: record.offset,
      timestamp: record.timestamp,
      // What stands for the record in an event is its index.
      json: `${index}`,
      bytes: 0,
    }));
    this.assigned = this.#assign();
  }

  /** Another member begins at the last commit; this one learns of it in so many milliseconds. */
  handOver(unawareMs: number): void {
    const former = this.assigned;
    const learn = (): void => {
      former.lost = true;
    };
    if (unawareMs === 0) learn();
    else setTimeout(learn, unawareMs);
    this.assigned = this.#assign();
  }

  /** The group goes on so many records before its last commit. */
  setBack(records: number): void {
    const next = this.#records.filter(({ offset }) => offset < this.committed).length;
    this.committed = this.#records[Math.max(0, next - records)]?.offset ?? 0;
    this.handOver(0);
  }

  #assign(): Assigned {
    const assigned = { ...assignedPartition('events', this.number), of: this };
    const open = this.#records.filter(({ offset }) => offset >= this.committed);
    append(assigned, open, 0);
    assigned.position = BigInt((this.#records.at(-1)?.offset ?? -1) + 1);
    return assigned;
  }
}

/** Whether the member still has the partition. */
export const isHeld = ({ assigned }: { readonly assigned: Assigned }): boolean =>
  assigned.of.assigned === assigned;
