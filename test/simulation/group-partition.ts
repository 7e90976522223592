import {
  type AssignedPartition,
  append,
  assignedPartition,
} from 'local-kafka-trigger/mapping/assigned-partition.ts';
import type { WaitingRecord } from 'local-kafka-trigger/mapping/batch.ts';
import type { Fate } from './oracle.ts';

/** A partition as one member of the group has it. All uncommitted records are fetched. */
export interface Assigned extends AssignedPartition {
  readonly of: GroupPartition;
}

/** A partition of the topic, with the state of the consumer group. */
export class GroupPartition {
  readonly number: number;
  readonly fates: readonly Fate[];
  /** The offset at which the next member begins. */
  committed = 0;
  /** The number of records that were delivered at least once. */
  delivered = 0;
  /** The assignment to the present member. Any other assignment is a former member's. */
  assigned: Assigned;
  readonly #records: readonly WaitingRecord[];

  constructor(number: number, fates: readonly Fate[]) {
    this.number = number;
    this.fates = fates;
    this.#records = fates.map(({ index, stream: { record } }) => ({
      offset: record.offset,
      timestamp: record.timestamp,
      // A record's JSON in an event is its index.
      json: `${index}`,
      bytes: 0,
    }));
    this.assigned = this.#assign();
  }

  /** Gives the partition to another member, which begins at the last commit. The former one learns of it after so many milliseconds. */
  handOver(unawareMs: number): void {
    const former = this.assigned;
    const learn = (): void => {
      former.lost = true;
    };
    if (unawareMs === 0) learn();
    else setTimeout(learn, unawareMs);
    this.assigned = this.#assign();
  }

  /** Sets the group back by so many records from its last commit. */
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

/** Tells whether the member still has the partition. */
export const isHeld = ({ assigned }: { readonly assigned: Assigned }): boolean =>
  assigned.of.assigned === assigned;
