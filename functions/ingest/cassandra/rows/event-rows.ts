import { encodeEvent } from '../../bytes/encode-event.ts';
import type { EventLayout } from '../../bytes/event-layout.ts';
import { EventView } from '../../bytes/event-view.ts';
import type { UserEvent } from '../../event/user-event.ts';
import { RowEncoder } from './row-encoder.ts';
import type { Rows } from './rows.ts';

/** Makes the INSERT of all columns of `user_events`. */
export const insertUserEvent = (keyspace: string, { plan: { columns } }: EventLayout): string => {
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  return `INSERT INTO ${keyspace}.user_events (${names}) VALUES (${columns.map(() => '?').join(', ')})`;
};

/** Puts events together as rows for a request. */
export type EventRowsOf = (given: readonly { readonly event: UserEvent }[]) => Rows;

export const eventRows = (layout: EventLayout): EventRowsOf => {
  const encoder = new RowEncoder(layout);
  return (given) => new EventRows(encoder, layout, given);
};

/** Rows of `user_events`, each known by its index. Its sizes are asked for several times, and found once. */
class EventRows implements Rows {
  readonly #encoder: RowEncoder;
  readonly #events: EventView[] = [];
  readonly #requestBytes: Int32Array;
  readonly #mutationBytes: Int32Array;

  constructor(
    encoder: RowEncoder,
    layout: EventLayout,
    given: readonly { readonly event: UserEvent }[],
  ) {
    this.#encoder = encoder;
    this.#requestBytes = new Int32Array(given.length);
    this.#mutationBytes = new Int32Array(given.length);
    for (let index = 0; index < given.length; index += 1) {
      const { event } = given[index] as { readonly event: UserEvent };
      const view = event instanceof EventView ? event : encodeEvent(layout, event.toObject());
      const bytes = encoder.requestBytes(view);
      this.#events.push(view);
      this.#requestBytes[index] = bytes;
      this.#mutationBytes[index] = encoder.mutationBytes(view, bytes);
    }
  }

  get count(): number {
    return this.#events.length;
  }

  get columns(): number {
    return this.#encoder.columns;
  }

  requestBytes(index: number): number {
    return this.#requestBytes[index] as number;
  }

  mutationBytes(index: number): number {
    return this.#mutationBytes[index] as number;
  }

  routingKey(index: number): Buffer {
    return this.#encoder.routingKey(this.#at(index));
  }

  values(index: number): (Buffer | null)[] {
    return this.#encoder.values(this.#at(index));
  }

  partitionHash(index: number): number {
    return this.#encoder.partitionHash(this.#at(index));
  }

  samePartition(one: number, other: number): boolean {
    return this.#encoder.samePartition(this.#at(one), this.#at(other));
  }

  encode(index: number, into: Buffer, start: number, words?: DataView): number {
    return this.#encoder.encode(this.#at(index), into, start, words);
  }

  #at(index: number): EventView {
    return this.#events[index] as EventView;
  }
}
