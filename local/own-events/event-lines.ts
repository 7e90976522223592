import { randomUUID } from 'node:crypto';
import { noDatabase } from '../../cli/target/settings-given.ts';
import { configuredDecoder } from '../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { timeField } from '../../functions/ingest/event/plan.ts';
import type { FieldValue } from '../../functions/ingest/event/user-event.ts';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { publishedWriter } from '../../schema/avro-bytes.ts';
import { eventPlan } from '../../schema/event-plan.ts';

/** An event of a line: the values of its fields as JSON has them, times in milliseconds; and its bytes as bare Avro. */
export interface EventLine {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly avro: Buffer;
}

/** The reason why a line is not an event of the schema. Lines count from 1. */
export interface BadLine {
  readonly line: number;
  readonly what: string;
}

const plan = eventPlan();
/**
 * The function's decoder of plain JSON: a line is what docs/plain-json.md says of a value, and what the function would reject is told
 * before it is produced.
 */
const decoder = configuredDecoder(
  readSettings({ ...noDatabase, WIRE_FORMAT: 'json' }),
  new EventLayout(plan),
);

/** The names of the fields that a line may have. */
export const fieldNames = plan.fields.map(({ name }) => name).join(', ');

/**
 * Reads events from JSON lines; lines without text are skipped.
 * @param fill gives an event without `event_id` a random one, and an event without a time the clock's.
 */
export const readEventLines = (
  bytes: Buffer,
  fill = false,
): { readonly events: readonly EventLine[]; readonly bad: readonly BadLine[] } => {
  const events: EventLine[] = [];
  const bad: BadLine[] = [];
  let line = 0;
  for (const text of lines(bytes)) {
    line += 1;
    if (isBlank(text)) continue;
    const value = fill ? filled(text) : text;
    const decoded = decoder.decode({ value, headers: [] });
    if (decoded.kind === 'rejected')
      bad.push({ line, what: `${decoded.detail} (${decoded.reason})` });
    else if (decoded.kind === 'event') events.push({ line, ...eventOf(decoded.toObject()) });
  }
  return { events, bad };
};

const byteOrderMark = Buffer.from('\ufeff');

const lines = function* (bytes: Buffer): Generator<Buffer> {
  const isMarked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  for (let from = isMarked ? byteOrderMark.length : 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
};

const isBlank = (text: Buffer): boolean =>
  text.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);

/** Adds an id and a time to a line that lacks them. A line that is no JSON object stays as it is, to be told so. */
const filled = (text: Buffer): Buffer => {
  try {
    const given = JSON.parse(text.toString());
    const missing = Object.entries({ event_id: randomUUID(), [timeField]: Date.now() }).filter(
      ([name]) => !(name in given),
    );
    return missing.length === 0
      ? text
      : Buffer.from(JSON.stringify({ ...given, ...Object.fromEntries(missing) }));
  } catch {
    return text;
  }
};

const eventOf = (values: Readonly<Record<string, FieldValue>>): Omit<EventLine, 'line'> => {
  const convert = (convertOne: (value: FieldValue) => unknown) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, convertOne(value)]));
  return { fields: convert(jsonOf), avro: publishedWriter.bytes(convert(avroOf)) };
};

/** Converts a value to one of JSON, as docs/plain-json.md has it. */
const jsonOf = (value: FieldValue): unknown => {
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Map) return Object.fromEntries(value);
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
};

/** Converts a value to one of avsc. */
const avroOf = (value: FieldValue): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;
