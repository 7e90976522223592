import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { DecodeResult, SchemaId } from './decoder.ts';
import type { KafkaRecord } from './kafka-record.ts';
import type { Outcome } from './outcome.ts';
import type { MaxEventTime } from './watermark.ts';

/** One record on its way from Kafka to a table. Each step of the pipeline fills in what it finds out. */
export class Delivery {
  readonly record: KafkaRecord;
  /** The schema that must be fetched before the value can be decoded; null for none. */
  missingSchema: SchemaId | null = null;
  /** The event that the value was decoded to; null where it is none, or not decoded yet. */
  event: UserEvent | null = null;
  /** The reason why the record becomes no row of `user_events`; null for none. */
  rejection: Rejection | null = null;
  /** True where the event lies so far ahead that it does not raise the maximum. */
  future = false;
  /** The largest event time of the partition after this record. */
  maxEventTime: MaxEventTime = null;
  /** The outcome of the record; null until it is known. */
  outcome: Outcome | null = null;

  constructor(record: KafkaRecord, decoded: DecodeResult) {
    this.record = record;
    this.decoded(decoded);
  }

  /** Takes what the value was decoded to. */
  decoded(result: DecodeResult): void {
    this.missingSchema = null;
    switch (result.kind) {
      case 'event':
        this.event = result;
        break;
      case 'rejected':
        this.rejection = result;
        break;
      case 'missing-schema':
        this.missingSchema = result.id;
        break;
    }
  }
}
