import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { configuredDecoder } from '../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { kinds } from '../../functions/ingest/event/kinds.ts';
import { type Field, timeField } from '../../functions/ingest/event/plan.ts';
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

/** Thrown with a sentence about a line, without its number. */
class BadLineError extends Error {
  override readonly name = 'BadLineError';
}

const plan = eventPlan();
const names = plan.fields.map(({ name }) => name).join(', ');
/** The fields by name and by alias. */
const known = new Map(
  plan.fields.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field])),
);
/** The function's decoder: what it rejects is told before it is produced. */
const decoder = configuredDecoder(
  readSettings({
    CASSANDRA_CONTACT_POINTS: 'none',
    CASSANDRA_LOCAL_DATACENTER: 'none',
    CASSANDRA_KEYSPACE: 'none',
    CONSUMER_GROUP_ID: 'none',
    WIRE_FORMAT: 'bare',
  }),
  new EventLayout(plan),
);

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
    try {
      const given = objectOf(text);
      if (given !== null) events.push({ line, ...eventOf(given, fill) });
    } catch (error) {
      if (!(error instanceof BadLineError)) throw error;
      bad.push({ line, what: error.message });
    }
  }
  return { events, bad };
};

const lines = function* (bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
};

/** Reads a line's JSON object; null for a line without text. */
const objectOf = (bytes: Buffer): Record<string, unknown> | null => {
  if (!isUtf8(bytes)) throw new BadLineError('it is not UTF-8');
  // `trim` also takes a byte order mark away.
  const text = bytes.toString().trim();
  if (text === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadLineError(`it is not JSON (${(error as Error).message})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadLineError(`it must be a JSON object (given ${shown(value)})`);
  return value as Record<string, unknown>;
};

const eventOf = (given: Record<string, unknown>, fill: boolean): Omit<EventLine, 'line'> => {
  const avro = complete(byName(given), fill);
  publishedWriter.type.isValid(avro, {
    errorHook: (path, value, type) => {
      const [name = '', ...inside] = path;
      const field = known.get(name);
      const must =
        inside.length > 0 || field === undefined ? type.typeName : kinds[field.kind].avro;
      throw new BadLineError(`${path.join('.')} must be a ${must} (given ${shown(value)})`);
    },
  });
  const bytes = publishedWriter.type.toBuffer(avro);
  const decoded = decoder.decode({ value: bytes, headers: [] });
  if (decoded.kind === 'rejected')
    throw new BadLineError(`${decoded.detail} (the function would reject it: ${decoded.reason})`);
  return { fields: jsonOf(avro), avro: bytes };
};

/** Gives the values under the schema's own names, and times in milliseconds. */
const byName = (given: Record<string, unknown>): Record<string, unknown> => {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const field = known.get(name);
    if (field === undefined)
      throw new BadLineError(`${shown(name)} is not a field of the schema, which has ${names}`);
    if (field.name in fields)
      throw new BadLineError(`${field.name} is given twice, once by an alias`);
    fields[field.name] = toAvro(field, value);
  }
  return fields;
};

/** Converts a value of JSON to one of avsc; a value of a wrong type is left to the schema. */
const toAvro = (field: Field, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (field.kind === 'time') return milliseconds(field, value);
  return field.kind === 'blob' ? Buffer.from(value, 'base64') : value;
};

/** Converts values of avsc to JSON, where bytes are base64. */
const jsonOf = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? value.toString('base64') : value,
    ]),
  );

/** Adds the schema's defaults, and with `fill` an id and a time. */
const complete = (
  given: Readonly<Record<string, unknown>>,
  fill: boolean,
): Record<string, unknown> => {
  const filled = fill ? { event_id: randomUUID(), [timeField]: Date.now(), ...given } : given;
  for (const { name, fallback, nullable } of plan.fields)
    if (!(name in filled) && fallback === undefined && !nullable)
      throw new BadLineError(`${name} is missing`);
  return publishedWriter.withDefaults(filled);
};

const isoText = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Reads a time in ISO 8601 with its zone, as milliseconds. */
const milliseconds = ({ name }: Field, value: string): number => {
  const day = isoText.exec(value)?.[1];
  const time = day === undefined ? Number.NaN : Date.parse(value);
  // Date.parse takes 30 February for 2 March.
  if (Number.isNaN(time) || new Date(`${day}T00:00Z`).toISOString().slice(0, 10) !== day)
    throw new BadLineError(
      `${name} must be milliseconds, or a time like 2026-03-10T12:00:00Z (given ${shown(value)})`,
    );
  return time;
};

const longestShown = 60;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
};
