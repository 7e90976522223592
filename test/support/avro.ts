import avro from 'avsc';
import schema from '../../schema/user-event.avsc.json' with { type: 'json' };

const type = avro.Type.forSchema(schema as avro.Schema);

export interface Fields {
  user_id: string;
  event_type: string;
  event_time: number;
  event_id: string;
  metadata: Record<string, string>;
}

export const userId = '11111111-1111-4111-8111-111111111111';
export const eventId = '22222222-2222-4222-8222-222222222222';

/** Fields of a valid event; give what the test is about. */
export const fields = (given: Partial<Fields> = {}): Fields => ({
  user_id: userId,
  event_type: 'click',
  event_time: 1_700_000_000_000,
  event_id: eventId,
  metadata: {},
  ...given,
});

/** The bare Avro bytes of an event, encoded by avsc's plain type. */
export const encode = (given: Partial<Fields> = {}): Buffer => type.toBuffer(fields(given));
